import Archive
import ArgumentParser
import Foundation
import ServiceKit
import Supervision

/// `hms restore`
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts an archive of “hms backup” into an empty folder.",
        discussion: """
            The folder appears when all of it is there, fits its checksums and passes “hms check”. Start the hospital on it with \
            “hms up --data”. Onto PostgreSQL it goes from there, by “hms copy”.

            EXAMPLES
              hms restore hospital.tar.gz --data /srv/clinic
              hms restore hospital.sealed --key backup.key --data /srv/clinic
              hms restore hospital.tar.gz --data /srv/clinic --unsound
            """)

    @Argument(help: ArgumentHelp("The archive.", valueName: "archive"))
    var archive: String

    @Option(help: ArgumentHelp("The private key, where it is encrypted.", valueName: "file"))
    var key: String?

    @Flag(help: "Also where “hms check” finds its data broken; never where a file does not fit its checksum.")
    var unsound = false

    @OptionGroup var data: DataOption

    func run() async throws {
        let configuration = try data.configuration()
        let folder = URL(fileURLWithPath: configuration.dataFolder).path
        if FileManager.default.fileExists(atPath: folder) {
            try requireNoMount(folder)
            guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else { throw ArchiveError.targetInUse(folder) }
        }
        let scratch = try Scratch(beside: folder)
        defer { scratch.remove() }
        let content = scratch.path + "/content"
        let manifest = try ArchiveReader(path: archive, key: try key.map(BackupKey.readPrivate)).extract(to: content)
        do {
            try RestoredFolder(content, configuration).requireSound()
        } catch ArchiveError.unsound(let reason) where unsound {
            Output.remark("Restored although \(reason)")
        }
        try ArchiveReader.move(content, to: folder)
        Output.print("\(folder): \(manifest.files.count) files of an archive made by version \(manifest.version)")
    }

    /// A folder that is a disk of its own can't be replaced by what lies beside it.
    private func requireNoMount(_ folder: String) throws {
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        let disks = try [folder, parent].map { try FileManager.default.attributesOfItem(atPath: $0)[.systemNumber] as? Int }
        guard disks[0] == disks[1] else { throw ValidationError("\(folder) is a mount of its own: name a folder in it.") }
    }
}

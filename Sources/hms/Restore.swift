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
            """)

    @Argument(help: ArgumentHelp("The archive.", valueName: "archive"))
    var archive: String

    @OptionGroup var data: DataOption

    func run() async throws {
        let configuration = try data.configuration()
        let folder = URL(fileURLWithPath: configuration.dataFolder).path
        if FileManager.default.fileExists(atPath: folder) {
            guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else { throw ArchiveError.targetInUse(folder) }
        }
        let scratch = try Scratch(beside: folder)
        defer { scratch.remove() }
        let content = scratch.path + "/content"
        let manifest = try ArchiveReader(path: archive).extract(to: content)
        try requireSound(content, configuration)
        guard rename(content, folder) == 0 else {
            throw ArchiveError.system(act: "make", path: folder, reason: String(cString: strerror(errno)))
        }
        Output.print("\(folder): \(manifest.files.count) files of an archive made by version \(manifest.version)")
    }
}

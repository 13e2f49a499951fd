import Archive
import ArgumentParser
import Foundation
import ServiceKit
import Storage
import Supervision
import Vocabulary

/// `hms restore`
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Puts an archive of “hms backup” into an empty folder, and onto PostgreSQL where that is wanted.",
        discussion: """
            The folder appears when all of it is there, fits its checksums and passes “hms check”. Start the hospital on it with \
            “hms up --data”. With --to the databases go onto PostgreSQL, into one that is empty, whichever the hospital was on before, and \
            keys and files into the folder. What was interrupted can be run again. Patients who were forgotten since are forgotten again, \
            as far as the forgotten.txt beside the archive, and the list of --forgotten, name them. That the hospital was restored is written \
            into every service's audit.

            EXAMPLES
              hms restore hospital.tar.gz --data /srv/clinic
              hms restore hospital.sealed --key backup.key --data /srv/clinic
              hms restore /mnt/backups --at 2026-03-02T09:00:00+05:30 --data /srv/clinic
              hms restore hospital.tar.gz --data /srv/clinic --to postgres://hms@db.hospital.example/hms
              hms restore hospital.tar.gz --data /srv/clinic --unsound
            """)

    @OptionGroup var choice: ArchiveChoice

    @Option(help: ArgumentHelp("The private key, where it is encrypted.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp("A list of whom to forget again, beside the forgotten.txt that lies with the archive.", valueName: "file"))
    var forgotten: String?

    @Option(
        help: ArgumentHelp(
            "Where the databases go: postgres://user:password@host:port/name, or “env” for what HMS_DATABASE says.", valueName: "place"))
    var to: String?

    @Flag(help: "Also where “hms check” finds its data broken; never where a file does not fit its checksum.")
    var unsound = false

    @OptionGroup var data: DataOption

    func run() async throws {
        let (configuration, archive) = (try data.configuration(), try choice.path())
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
        let people = try peopleToForget(archive)
        if !people.isEmpty { try await RestoredFolder(content, configuration).forget(people) }
        let now = SystemTime.millisecondsSinceEpoch()
        try await RestoredFolder(content, configuration).recordRestoration(of: manifest.madeAt, at: now)
        if let place = try target() { try await RestoredFolder(content, configuration).moveDatabases(to: place) }
        try ArchiveReader.move(content, to: folder)
        Output.print("\(folder): \(manifest.files.count) files of an archive made by version \(manifest.version)")
        if !people.isEmpty { Output.print("Forgotten again: \(people.count) patients") }
        Output.print("Written into every audit: restored at \(Instant(millisecondsSinceEpoch: now).rfc3339)")
    }

    private func target() throws -> DatabasePlace? {
        guard let to else { return nil }
        let text = to == "env" ? ProcessInfo.processInfo.environment[Settings.database.environmentName] ?? "" : to
        guard case .server(let url) = DatabasePlace(text) else {
            throw ValidationError("--to must be postgres://user:password@host:port/name, or env where HMS_DATABASE says so.")
        }
        return .server(url)
    }

    private func peopleToForget(_ archive: String) throws -> [ForgottenPerson] {
        let beside = ForgottenList(beside: archive)
        return try (beside.isThere ? beside.people() : []) + (forgotten.map { try ForgottenList($0).people() } ?? [])
    }

    /// A folder that is a disk of its own can't be replaced by what lies beside it.
    private func requireNoMount(_ folder: String) throws {
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        let disks = try [folder, parent].map { try FileManager.default.attributesOfItem(atPath: $0)[.systemNumber] as? Int }
        guard disks[0] == disks[1] else { throw ValidationError("\(folder) is a mount of its own: name a folder in it.") }
    }
}

import Archive
import ArgumentParser
import Foundation
import HospitalCheck
import ServiceKit
import Supervision

/// `hms backup`
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes all that a hospital keeps into one archive, while it runs or at rest.",
        discussion: """
            The archive holds the databases of all services, keys, certificates and what else is in the data folder, with a manifest \
            of SHA-256 checksums; “tar tzf” lists it. The databases are of one moment: all services hold their writes for it, some \
            thousandths of a second. The file gets its name when it is whole. \
            What settings and files outside the data folder say is not in it.

            Of a hospital on PostgreSQL (HMS_DATABASE, as hms up has it) it holds the same databases as files of SQLite, read at one \
            moment while everybody goes on; all services must be in one database.

            Whoever has the archive has the hospital, unless it is encrypted: “hms keys backup” makes a pair of keys, --to-key names \
            the public one. Only the private one opens it then, which need not be on this machine.

            With --every it makes one after the other, until it is stopped, in a folder: hospital-TIME.backup. Those older than --keep \
            go once a new one is there, but never the last one that was sound. What has not changed since an earlier one is not \
            written again: databases and logs lie in pieces in “chunks” beside them, each once. A folder that is copied elsewhere is copied whole.

            The status is 1 where an archive was made of data that contradict one another, which “hms check” would say as well.

            EXAMPLES
              hms backup /mnt/backups/hospital.tar.gz
              hms backup /mnt/backups/hospital.sealed --to-key backup.pub
              hms backup /mnt/backups --every 15m --keep 7d --to-key backup.pub
              hms backup verify /mnt/backups/hospital.tar.gz
              hms restore /mnt/backups/hospital.tar.gz --data /srv/clinic
            """,
        subcommands: [MadeBackup.self, VerifiedBackup.self], defaultSubcommand: MadeBackup.self)
}

/// `hms backup ARCHIVE`
struct MadeBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "make", abstract: "Writes the archive; what “hms backup ARCHIVE” does.")

    @Argument(
        help: ArgumentHelp("Where it goes, a file of that name is replaced; with --every a folder for many.", valueName: "archive"))
    var archive: String

    @Option(help: ArgumentHelp("Encrypts it to this public key, which “hms keys backup” makes.", valueName: "file"))
    var toKey: String?

    @Option(help: ArgumentHelp("Makes one so often, like 15m, until it is stopped.", valueName: "time"))
    var every: String?

    @Option(help: ArgumentHelp("How old they get with --every, like 12h or 7d.", valueName: "time"))
    var keep = "7d"

    @OptionGroup var data: DataOption
    @OptionGroup var token: TokenOption

    func validate() throws {
        for (name, text) in [("--every", every), ("--keep", keep)] where text.map({ TimeToLive($0) == nil }) == true {
            throw ValidationError("\(name) must be a number and s, m, h or d, at most 365d.")
        }
    }

    func run() async throws {
        let backup = try HospitalBackup(data, token, to: try toKey.map(BackupKey.readPublic))
        if let interval = every.flatMap(TimeToLive.init), let age = TimeToLive(keep) {
            return try await BackupSchedule(BackupShelf(archive), every: interval.duration, keeping: age.duration).run(backup)
        }
        let made = try await backup.write(to: archive)
        Output.print("\(archive): \(made)")
        if !made.report.isSound {
            Output.remark("The archive was written, but its data contradict one another:\n\(made.report)")
            throw ExitCode(1)
        }
    }
}

/// `hms backup verify ARCHIVE`
struct VerifiedBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads a whole archive: its checksums, its databases, and what “hms check” looks at.",
        discussion: "Unpacks it beside the archive meanwhile, so there must be room. The status is 1 where it is not sound.")

    @OptionGroup var choice: ArchiveChoice

    @Option(help: ArgumentHelp("The private key, where it is encrypted.", valueName: "file"))
    var key: String?

    @OptionGroup var data: DataOption

    func run() async throws {
        let archive = try choice.path()
        let scratch = try Scratch(beside: archive)
        defer { scratch.remove() }
        let content = scratch.path + "/content"
        let manifest = try ArchiveReader(path: archive, key: try key.map(BackupKey.readPrivate)).extract(to: content)
        try RestoredFolder(content, try data.configuration()).requireSound()
        Output.print("\(archive): sound, \(manifest.files.count) files, made by version \(manifest.version)")
    }
}

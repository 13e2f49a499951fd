import Archive
import ArgumentParser
import Contracts
import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Storage
import Supervision

/// `hms backup`
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes all that a hospital keeps into one archive, while it runs or at rest.",
        discussion: """
            The archive holds the databases of all services, keys, certificates and what else is in the data folder, \
            with a manifest of SHA-256 checksums; “tar tzf” lists it. It is not encrypted: whoever has it has the hospital. \
            The databases fit together: “hms check” has found nothing broken in them. The file appears when it is whole. \
            What settings and files outside the data folder say is not in it, nor is a hospital on PostgreSQL.

            EXAMPLES
              hms backup /mnt/backups/hospital.tar.gz
              hms backup verify /mnt/backups/hospital.tar.gz
              hms restore /mnt/backups/hospital.tar.gz --data /srv/clinic
            """,
        subcommands: [MadeBackup.self, VerifiedBackup.self], defaultSubcommand: MadeBackup.self)
}

/// `hms backup ARCHIVE`
struct MadeBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "make", abstract: "Writes the archive; what “hms backup ARCHIVE” does.")

    @Argument(help: ArgumentHelp("Where it goes; a file of that name is replaced.", valueName: "archive"))
    var archive: String

    @OptionGroup var data: DataOption
    @OptionGroup var token: TokenOption

    func run() async throws {
        let configuration = try data.configuration()
        if let served = HospitalServices.names.first(where: configuration.databases.isServer) {
            throw ValidationError(
                """
                The \(served) service keeps its data on PostgreSQL, which hms backup does not read: use pg_dump, and copy \
                \(configuration.dataFolder)/keys.
                """)
        }
        let folder = DataFolder(configuration.dataFolder)
        let clinic = ClinicKnowledge(HospitalServices.all, calendar: try configuration.clinic.calendar())
        let manifest: ArchiveManifest
        if let hospital = try? folder.runningHospital() {
            let token = try token.given() ?? folder.token(subject: "hms-backup", role: .admin, lifetime: .seconds(3600))
            let check = try RunningCheck(hospital, token: token, credentials: try data.credentials(), clinic)
            manifest = try await check.withConsistentCopies { try write(folder, databases: $0) }
        } else {
            manifest = try await writeAtRest(folder, configuration)
        }
        Output.print("\(archive): \(manifest.files.count) files, \(manifest.files.reduce(0) { $0 + $1.bytes }) bytes before compression")
    }

    /// Nobody can start a hospital there meanwhile.
    private func writeAtRest(_ folder: DataFolder, _ configuration: HospitalConfiguration) async throws -> ArchiveManifest {
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw ValidationError("There is no hospital at \(folder.path).")
        }
        let lock = try await folder.lock(patience: .seconds(15))
        defer { lock?.release() }
        let logger = Logger.hospital(service: "backup", level: .warning)
        let drafts = try Scratch(beside: archive)
        defer { drafts.remove() }
        var copies: [String: String] = [:]
        for definition in HospitalServices.all {
            let place = try configuration.databases.database(of: definition.name, dataFolder: folder.path)
            let path = "\(folder.path)/\(definition.name)/\(definition.name).sqlite"
            if configuration.databases.own[definition.name] == nil, !FileManager.default.fileExists(atPath: path) {
                throw DatabaseMissing(service: definition.name, path: path)
            }
            let database = try await Database.open(place, schema: definition.schema, logger: logger)
            let copy = "\(drafts.path)/\(definition.name).sqlite"
            do { try await database.backup(to: copy) } catch {
                await database.close()
                throw error
            }
            await database.close()
            copies[definition.name] = copy
        }
        return try write(folder, databases: copies)
    }

    private func write(_ folder: DataFolder, databases: [String: String]) throws -> ArchiveManifest {
        // Keys may be replaced while the hospital runs: what is archived is a copy that nobody changes.
        let drafts = try Scratch(beside: archive)
        defer { drafts.remove() }
        var files: [String: String] = [:]
        for (service, path) in databases { files["\(service)/\(service).sqlite"] = path }
        for (number, name) in folder.filesBesideDatabases().enumerated() where files[name] == nil {
            let copy = "\(drafts.path)/\(number)"
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: copy)
            files[name] = copy
        }
        return try ArchiveWriter(path: archive, version: Contracts.version).write(files)
    }
}

/// `hms backup verify ARCHIVE`
struct VerifiedBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads a whole archive: its checksums, its databases, and what “hms check” looks at.",
        discussion: "Unpacks it beside the archive meanwhile, so there must be room. The status is 1 where it is not sound.")

    @Argument(help: ArgumentHelp("The archive.", valueName: "archive"))
    var archive: String

    @OptionGroup var data: DataOption

    func run() async throws {
        let scratch = try Scratch(beside: archive)
        defer { scratch.remove() }
        let manifest = try ArchiveReader(path: archive).extract(to: scratch.path + "/content")
        try requireSound(scratch.path + "/content", try data.configuration())
        Output.print("\(archive): sound, \(manifest.files.count) files, made by version \(manifest.version)")
    }
}

/// - Throws: ``ArchiveError/unsound(_:)`` where the databases below a folder are damaged or contradict one another.
func requireSound(_ folder: String, _ configuration: HospitalConfiguration) throws {
    var paths: [String: String] = [:]
    for service in HospitalServices.names {
        let path = "\(folder)/\(service)/\(service).sqlite"
        guard FileManager.default.fileExists(atPath: path) else { throw ArchiveError.unsound("it has no database of \(service)") }
        paths[service] = path
    }
    let files = try DatabaseFiles(paths, held: false)
    for service in HospitalServices.names {
        guard try files.damage(of: service).isEmpty else { throw ArchiveError.unsound("the database of \(service) is damaged") }
    }
    let clinic = ClinicKnowledge(HospitalServices.all, calendar: try configuration.clinic.calendar())
    let report = try HospitalCheck(clinic).judge(atRest: files)
    try files.close()
    guard report.isSound else { throw ArchiveError.unsound("its data contradict one another\n\(report)") }
}

/// A folder for what is not whole yet, on the disk where it is to go.
struct Scratch {
    let path: String

    init(beside target: String) throws {
        path = "\(URL(fileURLWithPath: target).path).partial-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    func remove() {
        // It is there no more where it was moved to its place.
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension DataFolder {
    private static let ofTheMoment: Set<String> = ["hospital.json", "prometheus-targets.json"]

    /// Everything below the folder that a hospital keeps outside its databases: keys, certificates, files of services.
    fileprivate func filesBesideDatabases() -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: path) else { return [] }
        var names: [String] = []
        while let name = walk.nextObject() as? String {
            let last = (name as NSString).lastPathComponent
            let type = walk.fileAttributes?[.type] as? FileAttributeType
            if type == .typeDirectory, last == "backups" { walk.skipDescendants() }
            guard type == .typeRegular, !Self.ofTheMoment.contains(name), !last.contains(".sqlite"), !last.hasSuffix(".lock") else {
                continue
            }
            names.append(name)
        }
        return names.sorted()
    }
}

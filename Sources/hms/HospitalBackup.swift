import Archive
import ArgumentParser
import Contracts
import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Storage
import Supervision

/// Puts what is in a data folder into an archive.
struct HospitalBackup {
    private let data: DataOption
    private let token: TokenOption
    private let key: BackupPublicKey?
    private let configuration: HospitalConfiguration
    private let folder: DataFolder
    private let clinic: ClinicKnowledge

    /// - Parameter key: what archives are encrypted to.
    init(_ data: DataOption, _ token: TokenOption, to key: BackupPublicKey?) throws {
        self.data = data
        self.token = token
        self.key = key
        configuration = try data.configuration()
        folder = DataFolder(configuration.dataFolder)
        clinic = ClinicKnowledge(HospitalServices.all, calendar: try configuration.clinic.calendar())
    }

    /// - Parameter chunks: where databases go in pieces, each once for all archives; nil: into the archive.
    func write(to archive: String, _ chunks: ChunkStore? = nil) async throws -> MadeArchive {
        guard FileManager.default.fileExists(atPath: folder.path) else { throw ValidationError("There is no hospital at \(folder.path).") }
        try requireElsewhere(archive)
        let scratch = try Scratch(beside: archive)
        defer { scratch.remove() }
        // Before the databases: what a file says of them, as the ends of the chains of audit entries, is in them.
        var files = try copyFilesBesideDatabases(to: scratch)
        if HospitalServices.names.contains(where: configuration.databases.isServer) {
            for (service, path) in try await copySchemas(to: scratch) { files["\(service)/\(service).sqlite"] = path }
            return try write(files, to: archive, chunks, scratch, held: nil)
        }
        guard let hospital = try? folder.runningHospital() else {
            return try await RestingCheck(folder, clinic).hold { databases, paths in
                for (service, path) in paths {
                    let copy = "\(scratch.path)/\(service).sqlite"
                    try databases.copy(path, to: copy)
                    files["\(service)/\(service).sqlite"] = copy
                }
                return try write(files, to: archive, chunks, scratch, held: nil)
            }
        }
        let token = try token.given() ?? folder.token(subject: "hms-backup", role: .admin, lifetime: .seconds(3600))
        let copies = try MomentaryCopies(of: HospitalServices.names, hospital, token: token, credentials: try data.credentials())
        return try await copies.make { paths, held in
            for (service, path) in paths { files["\(service)/\(service).sqlite"] = path }
            return try write(files, to: archive, chunks, scratch, held: held)
        }
    }

    /// An archive in the data folder would be in the next one, which doubles with each.
    private func requireElsewhere(_ archive: String) throws {
        let data = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
        let place = URL(fileURLWithPath: archive).deletingLastPathComponent().resolvingSymlinksInPath().path
        guard place != data, !place.hasPrefix(data + "/") else {
            throw ValidationError("\(archive) would lie in the data folder \(folder.path): choose a place outside, on another disk.")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: archive, isDirectory: &isFolder), isFolder.boolValue else { return }
        throw ValidationError("\(archive) is a folder: name a file in it, or make one backup after the other by --every.")
    }

    private func write(
        _ files: [String: String], to archive: String, _ chunks: ChunkStore?, _ scratch: Scratch, held: Duration?
    ) throws -> MadeArchive {
        let stored = try chunks.map { try store(files, in: $0, of: archive, scratch) }
        let archived = stored?.archived ?? files
        let manifest = try ArchiveWriter(path: archive, version: Contracts.version, to: key).write(archived)
        let paths = HospitalServices.names.map { ($0, files["\($0)/\($0).sqlite"] ?? "") }
        let databases = try DatabaseFiles(Dictionary(uniqueKeysWithValues: paths), held: false)
        let report = try HospitalCheck(clinic).judge(atRest: databases)
        try ForgottenList(beside: archive).add(databases.read { try $0.forgottenPeople(of: "patient") })
        try databases.close()
        return MadeArchive(manifest: manifest, held: held, report: report, pieces: stored?.pieces)
    }

    /// Puts lists of pieces in the place of databases, logs and whatever else grows at its end.
    private func store(
        _ files: [String: String], in chunks: ChunkStore, of archive: String, _ scratch: Scratch
    ) throws -> (archived: [String: String], pieces: MadeArchive.Pieces) {
        var (archived, pieces, recipes) = (files, MadeArchive.Pieces(), [ChunkRecipe]())
        for (name, path) in files where name.hasSuffix(".sqlite") || ChunkStore.isWorthPieces(path) {
            let stored = try chunks.store(path, to: key)
            let list = "\(scratch.path)/list-\(recipes.count)"
            try Data(stored.recipe.description.utf8).write(to: URL(fileURLWithPath: list))
            archived[name] = nil
            archived[name + ChunkRecipe.suffix] = list
            recipes.append(stored.recipe)
            pieces.count += stored.recipe.chunks.count
            pieces.newBytes += stored.newBytes
        }
        try BackupShelf.keepList(of: recipes, of: archive)
        return (archived, pieces)
    }

    /// What services keep on PostgreSQL, as files of SQLite, all of one moment: that of the first question. Nothing waits for it.
    private func copySchemas(to scratch: Scratch) async throws -> [String: String] {
        let logger = Logger.hospital(service: "backup", level: .warning)
        let places = try HospitalServices.names.map { ($0, try configuration.databases.database(of: $0, dataFolder: folder.path)) }
        let schemas = try DatabaseSchemas(Dictionary(uniqueKeysWithValues: places), logger: logger)
        var paths: [String: String] = [:]
        for definition in HospitalServices.all {
            let (draft, path) = ("\(scratch.path)/\(definition.name).draft/copy.sqlite", "\(scratch.path)/\(definition.name).sqlite")
            let copy = try await Database.open(.sqlite(path: draft), schema: definition.schema, logger: logger)
            try await copy.closedAfterwards { copy in
                _ = try await schemas.copy(definition.name, into: copy)
                try await definition.remakeIndex(in: copy)
                try await copy.backup(to: path)
            }
            paths[definition.name] = path
        }
        try schemas.close()
        return paths
    }

    /// Keys may be replaced while the hospital runs: what is archived is a copy that nobody changes.
    private func copyFilesBesideDatabases(to scratch: Scratch) throws -> [String: String] {
        var files: [String: String] = [:]
        for (number, name) in folder.filesBesideDatabases().enumerated() {
            let (source, copy) = ("\(folder.path)/\(name)", "\(scratch.path)/\(number)")
            do {
                try FileManager.default.copyItem(atPath: source, toPath: copy)
                files[name] = copy
            } catch {
                // It was of the moment only.
                if FileManager.default.fileExists(atPath: source) {
                    throw ArchiveError.system(act: "copy", path: source, reason: error.localizedDescription)
                }
            }
        }
        return files
    }
}

/// An archive that was written.
struct MadeArchive: CustomStringConvertible {
    let manifest: ArchiveManifest
    /// How long nothing was written; nil where no hospital ran.
    let held: Duration?
    /// What `hms check` says of the data in it.
    let report: CheckReport
    /// Where databases went in pieces.
    let pieces: Pieces?

    struct Pieces {
        var count = 0
        /// How much was not there yet, before compression.
        var newBytes: Int64 = 0
    }

    var description: String {
        let bytes = manifest.files.reduce(0) { $0 + $1.bytes }
        let pause = held.map { "; writes were held for \(Int($0 / .milliseconds(1))) ms" } ?? ""
        if let pieces {
            return "\(manifest.files.count) files and \(pieces.count) pieces, of which \(pieces.newBytes) bytes are new\(pause)"
        }
        return "\(manifest.files.count) files, \(bytes) bytes before compression\(pause)"
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
            if type == .typeDirectory, last == "backups" || last == ChunkStore.folderName { walk.skipDescendants() }
            // A journal of the audit holds what a service brings to its database the next moment.
            let isDraft = last.contains(".sqlite") || last.hasSuffix(".lock") || last.hasSuffix(".new") || last.hasPrefix("audit.reads.")
            if type == .typeRegular, !isDraft, !Self.ofTheMoment.contains(name) { names.append(name) }
        }
        return names.sorted()
    }
}

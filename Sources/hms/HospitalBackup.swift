import Archive
import ArgumentParser
import Contracts
import Foundation
import HospitalCheck
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
        if let served = HospitalServices.names.first(where: configuration.databases.isServer) {
            throw ValidationError(
                """
                The \(served) service keeps its data on PostgreSQL, which hms backup does not read: use pg_dump, and copy \
                \(configuration.dataFolder)/keys.
                """)
        }
    }

    func write(to archive: String) async throws -> MadeArchive {
        guard FileManager.default.fileExists(atPath: folder.path) else { throw ValidationError("There is no hospital at \(folder.path).") }
        let scratch = try Scratch(beside: archive)
        defer { scratch.remove() }
        // Before the databases: what a file says of them, as the ends of the chains of audit entries, is in them.
        var files = try copyFilesBesideDatabases(to: scratch)
        guard let hospital = try? folder.runningHospital() else {
            return try await RestingCheck(folder, clinic).hold { databases, paths in
                for (service, path) in paths {
                    let copy = "\(scratch.path)/\(service).sqlite"
                    try databases.copy(path, to: copy)
                    files["\(service)/\(service).sqlite"] = copy
                }
                return try write(files, to: archive, held: nil)
            }
        }
        let token = try token.given() ?? folder.token(subject: "hms-backup", role: .admin, lifetime: .seconds(3600))
        let copies = try MomentaryCopies(of: HospitalServices.names, hospital, token: token, credentials: try data.credentials())
        return try await copies.make { paths, held in
            for (service, path) in paths { files["\(service)/\(service).sqlite"] = path }
            return try write(files, to: archive, held: held)
        }
    }

    private func write(_ files: [String: String], to archive: String, held: Duration?) throws -> MadeArchive {
        let manifest = try ArchiveWriter(path: archive, version: Contracts.version, to: key).write(files)
        let paths = HospitalServices.names.map { ($0, files["\($0)/\($0).sqlite"] ?? "") }
        let databases = try DatabaseFiles(Dictionary(uniqueKeysWithValues: paths), held: false)
        let report = try HospitalCheck(clinic).judge(atRest: databases)
        try databases.close()
        return MadeArchive(manifest: manifest, held: held, report: report)
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
                if FileManager.default.fileExists(atPath: source) { throw error }
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

    var description: String {
        let bytes = manifest.files.reduce(0) { $0 + $1.bytes }
        let pause = held.map { "; writes were held for \(Int($0 / .milliseconds(1))) ms" } ?? ""
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
            if type == .typeDirectory, last == "backups" { walk.skipDescendants() }
            let isDraft = last.contains(".sqlite") || last.hasSuffix(".lock") || last.hasSuffix(".new")
            if type == .typeRegular, !isDraft, !Self.ofTheMoment.contains(name) { names.append(name) }
        }
        return names.sorted()
    }
}

import Archive
import Foundation
import HospitalCheck
import ServiceKit
import Storage

/// A data folder that came out of an archive.
struct RestoredFolder {
    private let path: String
    private let configuration: HospitalConfiguration

    init(_ path: String, _ configuration: HospitalConfiguration) {
        self.path = path
        self.configuration = configuration
    }

    /// - Throws: ``ArchiveError/unsound(_:)`` where its databases are damaged or contradict one another.
    func requireSound() throws {
        var paths: [String: String] = [:]
        for service in HospitalServices.names {
            let path = "\(path)/\(service)/\(service).sqlite"
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
}

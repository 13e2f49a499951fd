import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Storage
import Supervision
import Vocabulary

/// The databases of the hospital that a command was told of, at rest or running, to read only.
struct HospitalDatabases {
    private let data: DataOption
    private let token: TokenOption

    init(_ data: DataOption, _ token: TokenOption) {
        self.data = data
        self.token = token
    }

    func read<Found>(_ body: (any DatabasesSideBySide) throws -> Found) async throws -> Found {
        try await readDated { databases, _ in try body(databases) }
    }

    /// - Parameter body: is told when the first of the databases was copied, in UTC milliseconds, where they are copies of a running
    ///   hospital, made one after the other; nil where all are of one moment.
    func readDated<Found>(_ body: (any DatabasesSideBySide, _ copiedSince: Int64?) throws -> Found) async throws -> Found {
        let configuration = try data.configuration()
        let clinic = ClinicKnowledge(HospitalServices.all, calendar: try configuration.clinic.calendar())
        if HospitalServices.names.contains(where: configuration.databases.isServer) {
            return try ServedCheck(configuration, clinic, logger: .hospital(service: "audit", level: .warning)).read { try body($0, nil) }
        }
        let folder = DataFolder(configuration.dataFolder)
        guard let hospital = try? folder.runningHospital() else { return try await RestingCheck(folder, clinic).read { try body($0, nil) } }
        let token = try token.given() ?? folder.token(subject: "hms-audit", role: .admin, lifetime: .seconds(600))
        let running = try RunningCheck(hospital, token: token, credentials: try data.credentials(), clinic)
        let start = SystemTime.millisecondsSinceEpoch()
        return try await running.read { try body($0, start) }
    }
}

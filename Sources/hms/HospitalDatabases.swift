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
        let configuration = try data.configuration()
        let clinic = ClinicKnowledge(HospitalServices.all, calendar: try configuration.clinic.calendar())
        if HospitalServices.names.contains(where: configuration.databases.isServer) {
            return try ServedCheck(configuration, clinic, logger: .hospital(service: "audit", level: .warning)).read(body)
        }
        let folder = DataFolder(configuration.dataFolder)
        guard let hospital = try? folder.runningHospital() else { return try await RestingCheck(folder, clinic).read(body) }
        let token = try token.given() ?? folder.token(subject: "hms-audit", role: .admin, lifetime: .seconds(600))
        return try await RunningCheck(hospital, token: token, credentials: try data.credentials(), clinic).read(body)
    }
}

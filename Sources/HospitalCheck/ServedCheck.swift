public import Logging
public import ServiceKit
public import Storage

/// A check of a hospital on PostgreSQL, at rest or not: it reads the services' schemas, all in one state.
public struct ServedCheck: Sendable {
    private let databases: [String: DatabaseConfiguration]
    private let check: HospitalCheck
    private let logger: Logger

    public init(_ configuration: HospitalConfiguration, _ clinic: ClinicKnowledge, logger: Logger) throws {
        databases = try clinic.services.reduce(into: [:]) {
            $0[$1] = try configuration.databases.database(of: $1, dataFolder: configuration.dataFolder)
        }
        check = HospitalCheck(clinic)
        self.logger = logger
    }

    /// What is true in the end may be on its way while the hospital runs, and waits for its start where none does.
    public func report() async throws -> CheckReport {
        try await report { try await Task.sleep(for: RepeatedLooks.pause) }
    }

    /// - Parameter pause: what is between two looks.
    func report(_ pause: () async throws -> Void) async throws -> CheckReport {
        var looks = RepeatedLooks(check)
        while true {
            looks.add(try look { try check.look(at: $0, isServed: try $0.isServed) })
            if let report = looks.report { return report }
            try await pause()
        }
    }

    /// Whether nothing is on its way.
    public func isSettled() throws -> Bool {
        try look { try check.isSettled($0) }
    }

    /// Asks something of all schemas, in one state.
    public func read<Found>(_ body: (any DatabasesSideBySide) throws -> Found) throws -> Found {
        try look { try body($0) }
    }

    private func look<Found>(_ body: (DatabaseSchemas) throws -> Found) throws -> Found {
        let schemas = try DatabaseSchemas(databases, logger: logger)
        let found = Result { try body(schemas) }
        try schemas.close()
        return try found.get()
    }
}

import AppointmentService
import BillingService
import Contracts
import DoctorService
import HMSTestKit
import HospitalCheck
import MetricsRegistry
import NotificationService
import PatientService
import PaymentService
import PrescriptionService
import RPC
import ServiceKit
import Storage
import Supervision
import Testing

/// All seven services in this process, over real databases and with their relays, on a clock that the test moves.
final class WholeHospital: Sendable {
    let hospital: TestHospital
    private let hosts: [String: ServiceHost]

    static let definitions: [ServiceDefinition] = [
        .patient, .doctor, .appointment, .billing, .prescription, .payment, .notification,
    ]

    /// Runs a hospital for a test, lets it finish what it has begun, stops it, and holds all that it has written to every
    /// invariant. Nothing is on its way then, so nothing is excused.
    static func run(
        configure: (inout HospitalConfiguration) -> Void = { _ in }, _ body: (WholeHospital) async throws -> Void
    ) async throws {
        let hospital = try await WholeHospital(configure)
        do {
            try await body(hospital)
            try await hospital.settle()
        } catch {
            await hospital.stop()
            throw error
        }
        await hospital.stop()
        let report = try await hospital.report()
        #expect(report.lines.allSatisfy { $0.verdict == .holds }, "\(report)")
    }

    /// Returns when no event is on its way and no payment is under way.
    func settle() async throws {
        let check = HospitalCheck(try clinic())
        let deadline = ContinuousClock.now + .seconds(300)
        while try !isSettled(check) {
            try #require(ContinuousClock.now < deadline, "the hospital does not come to rest")
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func report() async throws -> CheckReport {
        guard TestHospital.isOnSQLite else { return try await served().report() }
        return try await RestingCheck(DataFolder(hospital.folder.path), clinic()).report()
    }

    private func served() throws -> ServedCheck {
        try ServedCheck(hospital.configuration, clinic(), logger: hospital.log.logger())
    }

    private func isSettled(_ check: HospitalCheck) throws -> Bool {
        guard TestHospital.isOnSQLite else { return try served().isSettled() }
        let names = Self.definitions.map(\.name)
        let paths = Dictionary(uniqueKeysWithValues: names.map { ($0, "\(hospital.folder.path)/\($0)/\($0).sqlite") })
        let files = try DatabaseFiles(paths, held: false)
        let isSettled = Result { try check.isSettled(files) }
        try files.close()
        return try isSettled.get()
    }

    private func clinic() throws -> ClinicKnowledge {
        ClinicKnowledge(Self.definitions, calendar: try hospital.configuration.clinic.calendar())
    }

    private init(_ configure: (inout HospitalConfiguration) -> Void) async throws {
        hospital = try TestHospital { configuration in
            // Nothing of the host waits for calls that the test has ended.
            configuration.drainGrace = .milliseconds(100)
            configure(&configuration)
        }
        let doors = Dictionary(uniqueKeysWithValues: Self.definitions.map { ($0.name, LateChannel()) })
        var hosts: [String: ServiceHost] = [:]
        for definition in Self.definitions {
            let host = try await hospital.start(definition, peers: doors)
            doors[definition.name]?.lead(to: host.assembly.channel)
            hosts[definition.name] = host
        }
        self.hosts = hosts
    }

    private func stop() async {
        for host in hosts.values { await host.stop() }
    }

    func metrics(of service: String) async -> [MetricFamily] {
        await hosts[service]?.assembly.resources.metrics.families() ?? []
    }

    /// What a service has kept of who did what.
    func auditEntries(of service: String) async throws -> [AuditEntry] {
        guard let database = hosts[service]?.assembly.resources.database else { return [] }
        return try await database.read { reader in
            var all: [AuditEntry] = []
            try reader.forEachAuditEntry { _, entry in
                all.append(entry)
                return true
            }
            return all
        }
    }

    func channel(to service: String) -> any RPCChannel {
        hosts[service].map { $0.assembly.channel } ?? LateChannel()
    }

    /// The database of every service, by its name.
    var databases: [String: Database] { hosts.mapValues { $0.assembly.resources.database } }

    /// A client to the port of every service, by its name. Close them.
    func clients() -> [String: RPCClient] {
        hosts.mapValues { hospital.client(to: $0) }
    }

    /// Calls as an admin.
    func options(key: String? = nil) async throws -> CallOptions {
        var options = try await hospital.options(.admin, subject: "model", idempotencyKey: key)
        options.timeout = .seconds(60)
        return options
    }
}

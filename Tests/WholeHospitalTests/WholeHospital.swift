import AppointmentService
import BillingService
import Contracts
import DoctorService
import HMSTestKit
import HospitalCheck
import HospitalCommand
import NotificationService
import PatientService
import PaymentService
import PrescriptionService
import RPC
import ServiceKit
import Testing

/// All seven services in this process, over real databases and with their relays, on a clock that the test moves.
final class WholeHospital: Sendable {
    let hospital: TestHospital
    private let hosts: [String: ServiceHost]

    private static let definitions: [ServiceDefinition] = [
        .patient, .doctor, .appointment, .billing, .prescription, .payment, .notification,
    ]

    /// Runs a hospital for a test, stops it, and holds all that it has written to every invariant.
    static func run(_ body: (WholeHospital) async throws -> Void) async throws {
        let hospital = try await WholeHospital()
        do {
            try await body(hospital)
        } catch {
            await hospital.stop()
            throw error
        }
        await hospital.stop()
        let folder = DataFolder(hospital.hospital.folder.path)
        let clinic = ClinicKnowledge(definitions, calendar: try hospital.hospital.configuration.clinic.calendar())
        let report = try await RestingHospital(folder, clinic).report()
        #expect(report.isSound, "\(report)")
    }

    private init() async throws {
        hospital = try TestHospital { configuration in
            // Nothing of the host waits for calls that the test has ended.
            configuration.drainGrace = .milliseconds(100)
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

    func channel(to service: String) -> any RPCChannel {
        hosts[service].map { $0.assembly.channel } ?? LateChannel()
    }

    /// Calls as an admin.
    func options(key: String? = nil) async throws -> CallOptions {
        var options = try await hospital.options(.admin, subject: "model", idempotencyKey: key)
        options.timeout = .seconds(30)
        return options
    }
}

import AppointmentService
import BillingService
import Contracts
import DoctorService
import HMSTestKit
import NIOCore
import NotificationService
import PatientService
import PaymentService
import PrescriptionService
import RPC
import ServiceKit
import Synchronization

/// All seven services in this process, over real databases and with their relays, on a clock that the test moves.
final class WholeHospital: Sendable {
    let hospital: TestHospital
    private let hosts: [String: ServiceHost]

    private static let definitions: [ServiceDefinition] = [
        .patient, .doctor, .appointment, .billing, .prescription, .payment, .notification,
    ]

    static func run(_ body: (WholeHospital) async throws -> Void) async throws {
        let hospital = try await WholeHospital()
        do {
            try await body(hospital)
        } catch {
            await hospital.stop()
            throw error
        }
        await hospital.stop()
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
            doors[definition.name]?.open(host.assembly.channel)
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

/// The way to a service that starts later: services need each other before all of them are there.
final class LateChannel: RPCChannel {
    private let channel = Mutex<(any RPCChannel)?>(nil)

    func open(_ channel: any RPCChannel) {
        self.channel.withLock { $0 = channel }
    }

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        guard let channel = channel.withLock({ $0 }) else { throw RPCError.unavailable("It has not started yet.") }
        return try await channel.call(method, payload, options)
    }
}

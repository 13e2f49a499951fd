import AppointmentService
import BillingService
import Contracts
import DoctorService
import FieldChecks
import HMSTestKit
import PatientService
import PaymentService
import PrescriptionService
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

@testable import NotificationService

/// All seven services in this process, to have everything asked of them that can be.
final class BusyHospital: Sendable {
    static let definitions: [ServiceDefinition] = [
        .patient, .doctor, .appointment, .billing, .prescription, .payment, .notification,
    ]

    let hospital: TestHospital
    private let hosts: [String: ServiceHost]

    /// Runs it while `body` works, and lets it come to rest.
    static func run(_ hospital: TestHospital, _ body: (BusyHospital) async throws -> Void) async throws {
        let busy = try await BusyHospital(hospital)
        do {
            try await body(busy)
        } catch {
            await busy.stop()
            throw error
        }
        await busy.stop()
    }

    private init(_ hospital: TestHospital) async throws {
        self.hospital = hospital
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

    /// The way of an admin to a service, under a key where one is given.
    func way(to service: String, as role: CallerRole = .admin, key: String? = nil) async throws -> any RPCChannel {
        let options = try await hospital.options(role, idempotencyKey: key)
        return ChannelOfCaller(try #require(hosts[service]).assembly.channel, options)
    }

    /// Goes through what every service has kept of its calls, as an export and a verification do.
    func askOfAudits() async throws {
        for host in hosts.values {
            let anchor = AuditAnchor(AuditHead(place: 1, hash: [UInt8](repeating: 7, count: 32)))
            try await host.assembly.resources.database.write { try $0.keepAnchor(anchor, of: "patient", at: 1) }
            try await host.assembly.resources.database.scan { reader in
                _ = try reader.verifyAudit(against: [])
                _ = try reader.passThroughAudit(rangesAtMost: 0)
                _ = try reader.keptAnchors()
                _ = try (reader.auditAnchor(), reader.auditEnd(recordedBefore: 1))
                try reader.forEachAuditEntry { _, _ in true }
                _ = try reader.forEachAuditEntry(before: nil, limit: 10) { _, _ in true }
                _ = try reader.forEachEmergency(before: nil, limit: 10) { _, _ in true }
            }
        }
    }

    /// Tells a webhook that nobody has, whose receiver is away, as the courier does.
    func askOfCourier() async throws {
        let database = try #require(hosts["notification"]).assembly.resources.database
        let now = Instant(millisecondsSinceEpoch: 1)
        let delivery = WebhookDelivery(
            deliveryID: "dlv_none", webhookID: "whk_none", eventID: "evt_none", eventType: "bill.created", status: .pending,
            createdAt: ProtobufTimestamp(now), version: 2)
        try await database.write { transaction in
            try transaction.insert(delivery, body: "{}", correlationID: "c")
            _ = try transaction.delivery("dlv_none")
            _ = try transaction.deliveriesDue(to: "whk_none", at: now, limit: 1)
            _ = try transaction.endOfBacklog(of: "whk_none", over: 1)
            try transaction.missDue(to: "whk_none", triedBefore: 0, at: now, error: "", nextAttemptAt: now)
            _ = try transaction.update(delivery, nextAttemptAt: now)
            _ = try transaction.giveUpDeliveries(to: "whk_none", upTo: 0, error: "")
            try transaction.update(.sealed("", isScrubbed: true), of: "whk_none")
            _ = try (transaction.webhookSecrets(), transaction.serviceMigrations())
            try transaction.deleteWebhook("whk_none")
        }
    }

    /// Lets every service forget somebody, as its worker does.
    func askToForget(_ patientID: String) async throws {
        for definition in Self.definitions {
            guard let erasure = definition.erasure, let host = hosts[definition.name] else { continue }
            let database = host.assembly.resources.database
            try await database.write { transaction in
                try transaction.forget(ForgottenPerson(id: patientID, forgottenAt: 0), by: erasure)
                try transaction.note(.settled, of: patientID)
            }
            _ = try await database.scan { try ($0.forgottenPeople(), $0.unsettledForgottenPeople()) }
        }
    }

    /// Asks again until it is so: what follows from events follows soon.
    func eventually(_ isSo: () async throws -> Bool) async throws {
        while try await !isSo() { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// Every choice of some of the changes of a request, none and all too.
func everyChoice<Request>(of changes: [(inout Request) -> Void], from request: Request) -> [Request] {
    changes.reduce([request]) { requests, change in
        requests
            + requests.map { request in
                var request = request
                change(&request)
                return request
            }
    }
}

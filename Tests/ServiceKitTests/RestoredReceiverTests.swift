import Contracts
import Foundation
import HMSTestKit
import RPC
import Storage
import Testing

@testable import ServiceKit

/// A receiver is set back to a backup: what it had applied since comes again, and each event counts once.
@Suite(.timeLimit(.minutes(10))) struct RestoredReceiverTests {
    private let hospital: TestHospital
    private let door = LateChannel()
    /// While it is on, the receiver's program fails on the event `evt_0`.
    private let isBroken = Toggle()
    private static let subscription = EventSubscription(subscriber: "appointment", eventTypes: ["doctor.changed"])

    init() throws {
        hospital = try TestHospital()
    }

    private struct Broken: Error {}

    private var receiver: ServiceDefinition {
        let table = Migration(version: 1, name: "heard", sql: "CREATE TABLE heard (event_id TEXT NOT NULL)")
        return ServiceDefinition(name: "appointment", schema: [table]) { [isBroken] resources in
            [
                EventReceiver(resources) { event, transaction in
                    if isBroken.isOn && event.eventID == "evt_0" { throw Broken() }
                    try transaction.execute("INSERT INTO heard (event_id) VALUES (?)", [.text(event.eventID)])
                }
            ]
        }
    }

    /// - Parameter isBusy: whether the sender has something new to tell before it looks for what was lost.
    @Test(.enabled(if: TestHospital.isOnSQLite, "a file is set back to its backup"), arguments: [false, true])
    func `all that was applied since the backup is applied again, once, be it old or new`(isBusy: Bool) async throws {
        var service = try await open()
        let producer = try await hospital.open(
            ServiceDefinition(name: "doctor", schema: [], subscriptions: [Self.subscription]) { _ in [] }, peers: ["appointment": door])
        let delivery = EventDelivery(Self.subscription, producer.resources)
        let reconciler = EventReconciler(delivery, producer.resources)
        let backup = "\(hospital.folder.path)/backup.sqlite"

        isBroken.isOn = true
        try await relaying(delivery, producer, hospital) {
            try await publish(0..<6, producer)
            try await hasHeard(1..<6, service)
        }
        try await reconciler.reconcile()
        try await service.resources.database.backup(to: backup)
        // The oldest of all is applied after the backup.
        isBroken.isOn = false
        try await relaying(delivery, producer, hospital) {
            try await publish(6..<12, producer)
            try await hasHeard(0..<12, service)
        }
        try await reconciler.reconcile()

        await service.close()
        try restore(backup)
        service = try await open()
        #expect(try await heard(service).sorted() == Self.ids(1..<6))
        try await relaying(delivery, producer, hospital) {
            if isBusy {
                try await publish(12..<13, producer)
                while try await !heard(service).contains("evt_12") { try await Task.sleep(for: .milliseconds(1)) }
            }
            try await reconciler.reconcile()
            try await hasHeard(0..<(isBusy ? 13 : 12), service)
        }
        #expect(reconciler.repaired == 7)
        try await reconciler.reconcile()
        #expect(reconciler.repaired == 7)
        await service.close()
        await producer.close()
    }

    private func open() async throws -> ServiceAssembly {
        let service = try await hospital.open(receiver)
        door.lead(to: service.channel)
        return service
    }

    private func restore(_ backup: String) throws {
        let path = "\(hospital.folder.path)/appointment/appointment.sqlite"
        for file in [path, path + "-wal", path + "-shm"] where FileManager.default.fileExists(atPath: file) {
            try FileManager.default.removeItem(atPath: file)
        }
        try FileManager.default.copyItem(atPath: backup, toPath: path)
    }

    private func publish(_ numbers: Range<Int>, _ producer: ServiceAssembly) async throws {
        for number in numbers {
            let event = OutboxEvent(
                id: "evt_\(number)", type: "doctor.changed", aggregateID: "doc_\(number)", payload: [], correlationID: "c", createdAt: 0)
            try await producer.resources.database.write { try $0.publish(event) }
        }
    }

    private func heard(_ service: ServiceAssembly) async throws -> [String] {
        try await service.resources.database.read { try $0.rows("SELECT event_id FROM heard") { $0.text(0) } }
    }

    /// Returns once it has heard of just these; one that is applied twice is found out.
    private func hasHeard(_ numbers: Range<Int>, _ service: ServiceAssembly) async throws {
        while try await heard(service).count < numbers.count { try await Task.sleep(for: .milliseconds(1)) }
        #expect(try await heard(service).sorted() == Self.ids(numbers))
    }

    private static func ids(_ numbers: Range<Int>) -> [String] { numbers.map { "evt_\($0)" }.sorted() }
}

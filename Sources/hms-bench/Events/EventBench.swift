import ArgumentParser
import Contracts
import Foundation
import Logging
import RPC
import ServiceKit
import Storage

/// Events from one service to another over a socket: read from the outbox, delivered, applied once, durable on both sides.
struct EventBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Delivers a backlog of events from one service to another.")

    @Option(help: "Rounds; the first is thrown away.") var rounds = 6
    @Option(help: "Events of a round, each of an aggregate of its own.") var events = 5_000
    @Option(help: "A folder on the disk to measure.") var folder = NSTemporaryDirectory()

    func run() async throws {
        let path = folder + "/hms-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var delivered = Rounds()
        for round in 0..<max(2, rounds) {
            let road = try EventRoad(folder: "\(path)/\(round)")
            try await road.publish(events)
            let perSecond = try await road.deliver(events)
            if round > 0 { delivered.add(perSecond) }
        }
        print("deliveries/s (synchronous = FULL on both sides), median (min–max): \(delivered.summary)")
    }
}

/// Two services, one of which hears of what happens in the other.
struct EventRoad {
    private let configuration: HospitalConfiguration
    private let options = HostOptions(logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })

    private static let producer = ServiceDefinition(
        name: "doctor", schema: [], subscriptions: [EventSubscription(subscriber: "appointment", eventTypes: ["doctor.changed"])]
    ) { _ in [] }

    private static let receiver = ServiceDefinition(
        name: "appointment",
        schema: [Migration(version: 1, name: "heard", sql: "CREATE TABLE heard (event_id TEXT NOT NULL PRIMARY KEY);")]
    ) { resources in
        [
            EventReceiver(resources) { event, transaction in
                try transaction.execute("INSERT INTO heard (event_id) VALUES (?)", [.text(event.eventID)])
            }
        ]
    }

    init(folder: String) throws {
        configuration = HospitalConfiguration(dataFolder: folder)
        _ = try SigningKey.findOrMake(configuration.identity)
        try ServiceKeys.findOrMake(for: [Self.producer.name, Self.receiver.name], configuration.identity)
    }

    /// Fills the outbox while nobody delivers.
    func publish(_ count: Int) async throws {
        let assembly = try await ServiceAssembly.open(Self.producer, configuration, options: options)
        let events = (0..<count).map { number in
            OutboxEvent(
                id: "evt_\(number)", type: "doctor.changed", aggregateID: "doc_\(number)", payload: Array(repeating: 1, count: 100),
                correlationID: "bench", createdAt: 0)
        }
        try await assembly.resources.database.write { transaction in
            for event in events { try transaction.publish(event) }
        }
        await assembly.close()
    }

    /// Events per second, from the start of the sender until the receiver has applied the last.
    func deliver(_ count: Int) async throws -> Double {
        let receiver = try await ServiceHost.start(Self.receiver, configuration, options: options)
        var informed = configuration
        informed.peers = ["appointment": [NetworkAddress(host: receiver.address.host, port: receiver.address.port)]]
        let start = ContinuousClock.now
        let producer = try await ServiceHost.start(Self.producer, informed, options: options)
        while try await heard(receiver) < count { try await Task.sleep(for: .milliseconds(2)) }
        let duration = ContinuousClock.now - start
        await producer.stop()
        await receiver.stop()
        return Double(count) / (duration / .seconds(1))
    }

    private func heard(_ receiver: ServiceHost) async throws -> Int {
        try await receiver.assembly.resources.database.read { try $0.row("SELECT count(*) FROM heard") { $0.int(0) } ?? 0 }
    }
}

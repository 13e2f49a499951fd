import Synchronization

@testable import Storage

func event(_ id: String, of aggregateID: String, type: String = "test.happened") -> OutboxEvent {
    OutboxEvent(id: id, type: type, aggregateID: aggregateID, payload: [1, 2, 3], correlationID: "cor_1", createdAt: 10)
}

extension Database {
    func publish(_ id: String, of aggregateID: String, type: String = "test.happened") async throws {
        try await write { try $0.publish(event(id, of: aggregateID, type: type)) }
    }
}

/// Runs a relay with pauses of no length around `body`.
func relaying(_ database: Database, _ subscribers: [OutboxSubscriber], _ body: (OutboxRelay) async throws -> Void) async throws {
    var options = OutboxRelayOptions()
    options.rejectionsToDeadLetter = 3
    options.backoff.first = .milliseconds(1)
    options.backoff.longest = .milliseconds(2)
    let relay = OutboxRelay(database, subscribers: subscribers, options: options, logger: quiet)
    let running = Task { await relay.run() }
    do {
        try await body(relay)
    } catch {
        running.cancel()
        throw error
    }
    relay.stop()
    await running.value
}

/// Another service as the relay sees it.
final class Receiver: Sendable {
    let isDead = Mutex(false)
    private let refused: Set<String>
    private let received = Mutex<(ids: [String], waiting: [(count: Int, CheckedContinuation<Void, Never>)])>(([], []))

    init(refuses refused: Set<String> = []) {
        self.refused = refused
    }

    var ids: [String] { received.withLock { $0.ids } }

    func subscriber(_ name: String, types: Set<String>? = nil) -> OutboxSubscriber {
        OutboxSubscriber(name: name, types: types) { try self.take($0) }
    }

    /// Returns once `count` events were taken.
    func hasReceived(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = received.withLock { received in
                if received.ids.count < count { received.waiting.append((count, continuation)) }
                return received.ids.count >= count
            }
            if isThere { continuation.resume() }
        }
    }

    private func take(_ events: [OutboxEvent]) throws -> [OutboxRejection] {
        if isDead.withLock({ $0 }) { throw Refusal() }
        let ready = received.withLock { received in
            received.ids += events.map(\.id).filter { !refused.contains($0) }
            let count = received.ids.count
            defer { received.waiting.removeAll { $0.count <= count } }
            return received.waiting.filter { $0.count <= count }
        }
        for (_, continuation) in ready { continuation.resume() }
        return events.filter { refused.contains($0.id) }.map { OutboxRejection(eventID: $0.id, reason: "NO") }
    }
}

/// Holds a task until it is opened.
final class AsyncGate: Sendable {
    private let entered = FinishLine()
    private let opened = FinishLine()

    func pass() async {
        entered.cross()
        await opened.wait()
    }

    func open() { opened.cross() }
    func isEntered() async { await entered.wait() }
}

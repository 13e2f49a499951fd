import Dispatch
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

extension OutboxRelayOptions {
    /// Pauses of next to no length.
    static var quick: OutboxRelayOptions {
        var options = OutboxRelayOptions(realTime: { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000) })
        options.refusalsToDeadLetter = 3
        // Nobody looks for events: one is told of them.
        options.pollPause = .seconds(3_600)
        options.hearingPollPause = .seconds(3_600)
        options.backoff.first = .milliseconds(2)
        options.backoff.longest = .milliseconds(4)
        return options
    }
}

/// Runs a relay around `body`.
func relaying(
    _ database: Database, _ subscribers: [OutboxSubscriber], options: OutboxRelayOptions = .quick,
    _ body: (OutboxRelay) async throws -> Void
) async throws {
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

/// Another service as the relay sees it. It applies an event once, and can be set back.
final class Receiver: Sendable {
    let isDead = Mutex(false)
    /// Events to which it has no answer now.
    let failing = Mutex<Set<String>>([])
    private let refused: Set<String>
    private let state = Mutex(State())

    private struct State {
        var ids: [String] = []
        var tries: [String: Int] = [:]
        var sizes: [Int] = []
        var waiting: [(isOver: (State) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    init(refuses refused: Set<String> = []) {
        self.refused = refused
    }

    /// What it has applied, in order.
    var ids: [String] { state.withLock { $0.ids } }
    /// How often it was sent each event.
    var tries: [String: Int] { state.withLock { $0.tries } }
    /// How many events each delivery held.
    var sizes: [Int] { state.withLock { $0.sizes } }

    func subscriber(_ name: String, types: Set<String>? = nil) -> OutboxSubscriber {
        OutboxSubscriber(name: name, types: types) { try self.take($0) }
    }

    /// Loses what it has applied after the first `count` events.
    func setBack(to count: Int) {
        state.withLock { $0.ids = Array($0.ids.prefix(count)) }
    }

    /// Returns once `count` events were applied.
    func hasReceived(_ count: Int) async {
        await waits { $0.ids.count >= count }
    }

    /// Returns once each of the events was sent `count` times.
    func wasSent(_ ids: [String], times count: Int) async {
        await waits { state in ids.allSatisfy { state.tries[$0, default: 0] >= count } }
    }

    private func waits(until isOver: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let isThere = isOver(state)
                if !isThere { state.waiting.append((isOver, continuation)) }
                return isThere
            }
            if isThere { continuation.resume() }
        }
    }

    private func take(_ delivery: OutboxDelivery) throws -> OutboxAnswer {
        if isDead.withLock({ $0 }) { throw Refusal() }
        let failing = failing.withLock { $0 }
        let (answer, ready) = state.withLock { state in
            let answer = Self.apply(delivery, failing: failing, refused: refused, &state)
            let waiting = state.waiting
            state.waiting = []
            let ready = waiting.filter { $0.isOver(state) }
            state.waiting = waiting.filter { !$0.isOver(state) }
            return (answer, ready.map(\.1))
        }
        for continuation in ready { continuation.resume() }
        return answer
    }

    private static func apply(_ delivery: OutboxDelivery, failing: Set<String>, refused: Set<String>, _ state: inout State) -> OutboxAnswer
    {
        state.sizes.append(delivery.events.count)
        var answer = OutboxAnswer(isSetBack: delivery.lastApplied.map { !state.ids.contains($0) } ?? false)
        var blocked: Set<String> = []
        for placed in delivery.events where !blocked.contains(placed.event.aggregateID) {
            let event = placed.event
            state.tries[event.id, default: 0] += 1
            if refused.contains(event.id) || failing.contains(event.id) {
                blocked.insert(event.aggregateID)
                answer.failures.append(OutboxFailure(eventID: event.id, reason: "NO", isRefusal: refused.contains(event.id)))
            } else if !state.ids.contains(event.id) {
                state.ids.append(event.id)
            }
        }
        return answer
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

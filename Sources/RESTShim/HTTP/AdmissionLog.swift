import Logging
import MetricsRegistry
import NIOCore
import Synchronization

/// Counts whom the door has turned away or asked to leave, and says so: one line for many, so that a flood of clients
/// makes no flood of lines.
final class AdmissionLog: Sendable {
    enum Event: String, CaseIterable {
        /// A resting connection was closed for a new one.
        case madeRoom = "made_room"
        /// A new connection was let in for probes only.
        case letIntoReserve = "let_into_reserve"
        /// A new connection was closed at once.
        case refused
        /// A request was refused because of the bodies of others.
        case bodyRefused = "body_refused"
        /// A request was refused because those before it wait too long.
        case shed
    }

    private struct State {
        var counts: [Event: Int] = [:]
        var isScheduled = false
    }

    private let logger: Logger
    private let pause: TimeAmount
    private let counters: [Event: Counter]
    private let state = Mutex(State())

    init(logger: Logger, pause: TimeAmount = .seconds(5), counting counter: (Event) -> Counter) {
        counters = Event.allCases.reduce(into: [:]) { $0[$1] = counter($1) }
        self.logger = logger
        self.pause = pause
    }

    /// The first of many is told at once, the others by number when the pause is over.
    func note(_ event: Event, on eventLoop: any EventLoop) {
        counters[event]?.add()
        let isFirst = state.withLock { state in
            state.counts[event, default: 0] += 1
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { tell(on: eventLoop) }
    }

    private func tell(on eventLoop: any EventLoop) {
        let counts = state.withLock { state in
            defer { state.counts = [:] }
            state.isScheduled = !state.counts.isEmpty
            return state.counts
        }
        guard !counts.isEmpty else { return }
        let numbers = Event.allCases.compactMap { event in
            counts[event].map { (event.rawValue, Logger.MetadataValue.stringConvertible($0)) }
        }
        logger.warning("The door is crowded", metadata: Dictionary(uniqueKeysWithValues: numbers))
        eventLoop.scheduleTask(in: pause) { self.tell(on: eventLoop) }
    }
}

import Synchronization

/// Looks at single reads and writes, for traces.
public protocol WorkObserver: Sendable {
    /// What the work that begins in this task is part of; nil where nobody wants to know of it. The events that a write publishes
    /// are kept with it.
    func origin() -> WorkOrigin?
    /// Told in the same task, once the work has ended.
    func workEnded(_ work: ObservedWork)
}

/// The trace that a piece of work is part of (W3C Trace Context).
public struct WorkOrigin: Hashable, Sendable {
    public let traceparent: String
    /// What other systems have written beside it, at most 512 characters; nil where they have not.
    public let traceState: String?

    public init(traceparent: String, traceState: String? = nil) {
        self.traceparent = traceparent
        self.traceState = traceState
    }
}

/// How one read or write passed its time.
public struct ObservedWork: Sendable {
    public enum Kind: String, Sendable {
        case read, scan, write
    }

    public let kind: Kind
    /// From the call until its body ran, for the last time: the wait for a writer, a connection or a thread.
    public let wait: Duration
    /// How long the body ran.
    public let run: Duration
    /// From the body's end until the caller went on: of a write the commit, shared with others, and its flush.
    public let rest: Duration
    /// How often the body ran: more than once where it met another transaction, or a write that shared its commit failed.
    public let attempts: Int
    public let failed: Bool
}

/// The times of a piece of work that is looked at.
final class WorkTimes: Sendable {
    private struct State {
        var bodyBegan: ContinuousClock.Instant?
        var bodyEnded: ContinuousClock.Instant?
        var attempts = 0
    }

    private let began = ContinuousClock.now
    private let state = Mutex(State())

    func bodyBegan() {
        state.withLock { state in
            state.bodyBegan = .now
            state.attempts += 1
        }
    }

    func bodyEnded() {
        state.withLock { $0.bodyEnded = .now }
    }

    func work(_ kind: ObservedWork.Kind, failed: Bool) -> ObservedWork {
        let (now, state) = (ContinuousClock.now, state.withLock { $0 })
        let bodyBegan = state.bodyBegan ?? now
        let bodyEnded = state.bodyEnded ?? now
        return ObservedWork(
            kind: kind, wait: bodyBegan - began, run: bodyEnded - bodyBegan, rest: now - bodyEnded, attempts: state.attempts,
            failed: failed)
    }
}

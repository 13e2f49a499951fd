import RPC
import Synchronization

/// What sampled events have set going in this process that is done later, as a letter is written: found again by the
/// correlation id, as long as it is among the newest. What comes after a restart, or in another process, is in no trace.
final class FollowUps: Sendable {
    private struct State {
        var traces: [String: TraceContext] = [:]
        var order: [String] = []
        var next = 0
    }

    private static let most = 512
    private let state = Mutex(State())

    func remember(_ trace: TraceContext, of correlationID: String) {
        state.withLock { state in
            let isNew = state.traces.updateValue(trace, forKey: correlationID) == nil
            guard isNew else { return }
            if state.order.count < Self.most { return state.order.append(correlationID) }
            state.traces[state.order[state.next]] = nil
            state.order[state.next] = correlationID
            state.next = (state.next + 1) % Self.most
        }
    }

    func trace(of correlationID: String) -> TraceContext? {
        state.withLock { $0.traces.isEmpty ? nil : $0.traces[correlationID] }
    }
}

extension SpanRecorder {
    /// Records what was done later for an event of a sampled request; nothing where there is no such event.
    ///
    /// - Parameter began: when it was begun.
    public func recordFollowUp(
        _ name: String, of correlationID: String, since began: ContinuousClock.Instant, code: String, failed: Bool,
        attributes: [TraceSpan.Attribute] = []
    ) {
        guard let trace = followUps.trace(of: correlationID) else { return }
        record(
            TraceSpan(
                name, .client, trace.nextHop(), parent: trace.spanID, correlationID: correlationID,
                duration: (ContinuousClock.now - began).nanoseconds, code: code, failed: failed, attributes: attributes))
    }
}

extension Duration {
    /// Whole nanoseconds, as far as they fit.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ attoseconds / 1_000_000_000
    }
}

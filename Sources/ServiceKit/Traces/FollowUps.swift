import RPC
import Synchronization
import Tracing

/// What sampled events have set going in this process that is done later, as a letter is written: found again by the
/// correlation id, as long as it is among the newest. What comes after a restart, or in another process, is in no trace.
final class FollowUps: Sendable {
    private struct State {
        var origins: [String: SpanOrigin] = [:]
        var order: [String] = []
        var next = 0
    }

    private static let most = 512
    private let state = Mutex(State())

    func remember(_ origin: SpanOrigin) {
        state.withLock { state in
            let isNew = state.origins.updateValue(origin, forKey: origin.correlationID) == nil
            guard isNew else { return }
            if state.order.count < Self.most { return state.order.append(origin.correlationID) }
            state.origins[state.order[state.next]] = nil
            state.order[state.next] = origin.correlationID
            state.next = (state.next + 1) % Self.most
        }
    }

    func origin(of correlationID: String) -> SpanOrigin? {
        state.withLock { $0.origins.isEmpty ? nil : $0.origins[correlationID] }
    }
}

/// Something that is done later for an event of a sampled request.
public struct FollowUp: Sendable {
    fileprivate let recorder: SpanRecorder
    fileprivate let own: SpanOrigin
    fileprivate let cause: SpanOrigin
    private let began = ContinuousClock.now

    /// Does it; what libraries do meanwhile is part of it.
    public func run<Result: Sendable>(_ work: () async -> Result) async -> Result {
        var context = InstrumentationContext.current ?? .topLevel
        context[SpanOrigin.Key.self] = own
        return await InstrumentationContext.withValue(context) { await work() }
    }

    /// Keeps its span.
    public func end(_ name: String, code: String, failed: Bool, attributes: [TraceSpan.Attribute] = []) {
        recorder.record(
            TraceSpan(
                name, .client, own.trace, state: own.state, parent: cause.trace.spanID, correlationID: own.correlationID,
                duration: (ContinuousClock.now - began).nanoseconds, code: code, failed: failed, attributes: attributes))
    }

    fileprivate init(_ cause: SpanOrigin, _ recorder: SpanRecorder) {
        self.cause = cause
        self.recorder = recorder
        own = cause.nextHop()
    }
}

extension SpanRecorder {
    /// Begins it; nil where no event of a sampled request had this correlation id lately.
    public func followUp(of correlationID: String) -> FollowUp? {
        followUps.origin(of: correlationID).map { FollowUp($0, self) }
    }
}

extension Duration {
    /// Whole nanoseconds, as far as they fit.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ attoseconds / 1_000_000_000
    }
}

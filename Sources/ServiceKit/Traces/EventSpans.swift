import RPC
import Storage

/// The spans of events that go from one service to another together: each in the trace of the request that caused it.
struct EventSpans {
    /// One of the events, and the span in which it is handed over or taken.
    private struct Passage {
        let id: String
        let type: String
        let cause: SpanOrigin
        let own: SpanOrigin
    }

    private let passages: [Passage]
    private let origins: [String: WorkOrigin]
    private let began = ContinuousClock.now
    private let recorder: SpanRecorder

    /// Nil where none of them is in a trace that is looked at.
    ///
    /// - Parameter cause: what an event is part of.
    init?<Event>(
        _ events: [Event], _ recorder: SpanRecorder, id: (Event) -> String, type: (Event) -> String, correlationID: (Event) -> String,
        cause: (Event) -> WorkOrigin?
    ) {
        passages = events.compactMap { event in
            guard let cause = cause(event), let trace = TraceContext(traceparent: cause.traceparent), trace.isSampled else { return nil }
            let origin = SpanOrigin(
                trace: trace, state: cause.traceState.flatMap(TraceState.bounded), correlationID: correlationID(event))
            return Passage(id: id(event), type: type(event), cause: origin, own: origin.nextHop())
        }
        guard !passages.isEmpty else { return nil }
        origins = Dictionary(passages.map { ($0.id, WorkOrigin($0.own)) }) { first, _ in first }
        self.recorder = recorder
    }

    /// The first of them, on whose behalf all are sent.
    var first: SpanOrigin? { passages.first?.own }

    /// What is caused by an event from here on is part of this.
    func origin(of eventID: String) -> WorkOrigin? {
        origins[eventID]
    }

    /// Keeps a span for each.
    ///
    /// - Parameters:
    ///   - what: `deliver` or `receive`, which goes before the type of the event.
    ///   - failures: why events were not applied, by their ids.
    func end(_ what: String, _ kind: TraceSpan.Kind, failures: [String: String], peer: String) {
        let duration = (ContinuousClock.now - began).nanoseconds
        for passage in passages {
            let failure = failures[passage.id]
            recorder.record(
                TraceSpan(
                    "\(what) \(passage.type)", kind, passage.own.trace, state: passage.own.state, parent: passage.cause.trace.spanID,
                    correlationID: passage.own.correlationID, duration: duration, code: failure ?? "OK", failed: failure != nil,
                    attributes: [.init("peer", peer)]))
        }
    }

    /// The same where nothing is known of any.
    func end(_ what: String, _ kind: TraceSpan.Kind, failingAll reason: String, peer: String) {
        end(what, kind, failures: Dictionary(passages.map { ($0.id, reason) }) { $1 }, peer: peer)
    }

    /// What is done later because of them is found again.
    func rememberFollowUps() {
        for passage in passages { recorder.followUps.remember(passage.own) }
    }
}

extension WorkOrigin {
    fileprivate init(_ origin: SpanOrigin) {
        self.init(traceparent: origin.trace.traceparent, traceState: origin.state)
    }
}

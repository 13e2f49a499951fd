import RPC

/// The spans of events that go from one service to another together: each in the trace of the request that caused it.
struct EventSpans {
    /// One of the events, and the span in which it is handed over or taken.
    private struct Passage {
        let id: String
        let type: String
        let correlationID: String
        let cause: TraceContext
        let own: TraceContext
    }

    private let passages: [Passage]
    private let traceparents: [String: String]
    private let began = ContinuousClock.now
    private let recorder: SpanRecorder

    /// Nil where none of them is in a trace that is looked at.
    ///
    /// - Parameter cause: an event's traceparent.
    init?<Event>(
        _ events: [Event], _ recorder: SpanRecorder, id: (Event) -> String, type: (Event) -> String, correlationID: (Event) -> String,
        cause: (Event) -> String?
    ) {
        passages = events.compactMap { event in
            guard let text = cause(event), let trace = TraceContext(traceparent: text), trace.isSampled else { return nil }
            return Passage(
                id: id(event), type: type(event), correlationID: correlationID(event), cause: trace, own: trace.nextHop())
        }
        guard !passages.isEmpty else { return nil }
        traceparents = Dictionary(passages.map { ($0.id, $0.own.traceparent) }) { first, _ in first }
        self.recorder = recorder
    }

    /// The first of them, on whose behalf all are sent.
    var first: TraceContext? { passages.first?.own }

    func traceparent(of eventID: String) -> String? {
        traceparents[eventID]
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
                    "\(what) \(passage.type)", kind, passage.own, parent: passage.cause.spanID, correlationID: passage.correlationID,
                    duration: duration, code: failure ?? "OK", failed: failure != nil, attributes: [.init("peer", peer)]))
        }
    }

    /// The same where nothing is known of any.
    func end(_ what: String, _ kind: TraceSpan.Kind, failingAll reason: String, peer: String) {
        end(what, kind, failures: Dictionary(passages.map { ($0.id, reason) }) { $1 }, peer: peer)
    }

    /// What is done later because of them is found again.
    func rememberFollowUps() {
        for passage in passages { recorder.followUps.remember(passage.own, of: passage.correlationID) }
    }
}

import RPC
import Storage

/// Keeps the spans of what sampled calls read and write.
struct DatabaseSpans: WorkObserver {
    private let recorder: SpanRecorder

    /// Waits that are shorter tell nobody anything.
    private static let shortestWait: Int64 = 20_000

    init(_ recorder: SpanRecorder) {
        self.recorder = recorder
    }

    func origin() -> WorkOrigin? {
        SampledCall.current.map { WorkOrigin(traceparent: $0.answering.traceparent, traceState: $0.traceState) }
    }

    func workEnded(_ work: ObservedWork) {
        guard let call = SampledCall.current else { return }
        let (wait, run, rest) = (work.wait.nanoseconds, work.run.nanoseconds, work.rest.nanoseconds)
        let attempts = work.attempts > 1 ? [TraceSpan.Attribute("attempts", "\(work.attempts)")] : []
        if wait >= Self.shortestWait {
            keep(work.kind == .write ? "wait for the writer" : "wait to read", call, wait, endedBefore: run + rest)
        }
        let name = work.kind == .write ? "transaction" : work.kind.rawValue
        keep(name, call, run, endedBefore: rest, failed: work.failed, attempts)
        if work.kind == .write, !work.failed { keep("commit", call, rest, endedBefore: 0) }
    }

    private func keep(
        _ name: String, _ call: CallContext, _ duration: Int64, endedBefore: Int64, failed: Bool = false,
        _ attributes: [TraceSpan.Attribute] = []
    ) {
        guard call.takeSpan(atMost: SpanRecorder.mostOfCall) else { return }
        let answering = call.answering
        recorder.record(
            TraceSpan(
                name, .internal, answering.nextHop(), state: call.traceState, parent: answering.spanID, correlationID: call.correlationID,
                duration: duration, endedBefore: endedBefore, code: failed ? "UNDONE" : "OK", failed: false, attributes: attributes))
    }
}

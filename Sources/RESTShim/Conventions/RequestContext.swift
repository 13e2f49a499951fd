import NIOCore
import RPC
import ServiceKit

/// What is known of one request beside its content: what the access log tells, and what every hop is told.
struct RequestContext {
    private var began = NIODeadline.now()
    /// Milliseconds since 1970.
    let beganAt = SystemTime.millisecondsSinceEpoch()
    let correlationID: String
    /// The trace as it came, or a new one.
    let trace: TraceContext
    /// The request's own span in it.
    let span: TraceContext
    /// The caller's span; 0 where he named none.
    let parentSpanID: UInt64
    private let sentTraceState: String?
    /// Whether it is a request of the hospital's, and none about it.
    var leavesSpan = true
    /// The route's pattern; never the path itself, which may name a person.
    var pattern = ""
    /// Where it is counted; nil where no route is for it.
    var durations: RequestDurations?
    var caller: AdmittedCaller?
    /// How errors are told.
    var errorForm = ErrorForm.problem
    /// The code of the problem that was answered.
    var code: String?

    init(_ head: RequestHead?, _ traces: TraceIDs) {
        let sent = head?.headers.traceparent.flatMap(TraceContext.init(traceparent:))
        trace = sent.map(traces.going(on:)) ?? traces.fresh()
        span = sent == nil ? trace : trace.answering
        parentSpanID = sent?.spanID ?? 0
        // Without the trace that it belongs to it means nothing.
        sentTraceState = sent == nil ? nil : head?.headers.traceState
        let sentID = head?.headers.correlationID.flatMap { CorrelationID.isValid($0) ? $0 : nil }
        correlationID = sentID ?? trace.traceID
    }

    /// What other systems have written beside the trace, as far as it is passed on; nil where they have not.
    var traceState: String? { sentTraceState.flatMap(TraceState.bounded) }

    /// Nanoseconds since the request was whole.
    var age: Int64 { (NIODeadline.now() - began).nanoseconds }

    /// The same context, of which the body has arrived now.
    func whole() -> RequestContext {
        var context = self
        context.began = .now()
        return context
    }
}

/// How an error is told.
enum ErrorForm {
    /// As the public API does.
    case problem
    case connect
    case grpcWeb(WebMessages.Form)

    func response(to problem: Problem, correlationID: String) -> HTTPResponse {
        switch self {
        case .problem: problem.response(correlationID: correlationID)
        case .connect: problem.connectResponse()
        case .grpcWeb(let form): WebMessages.response(to: problem, form)
        }
    }
}

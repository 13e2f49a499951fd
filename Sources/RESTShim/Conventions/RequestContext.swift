import NIOCore
import RPC
import ServiceKit

/// What is known of one request beside its content: what the access log tells, and what every hop is told.
struct RequestContext {
    private var began = NIODeadline.now()
    /// Milliseconds since 1970.
    let beganAt = SystemTime.millisecondsSinceEpoch()
    let correlationID: String
    let trace: TraceContext
    /// The route's pattern; never the path itself, which may name a person.
    var pattern = ""
    /// Where it is counted; nil where no route is for it.
    var durations: RequestDurations?
    var caller: AdmittedCaller?
    /// The code of the problem that was answered.
    var code: String?

    init(_ head: RequestHead?, _ traces: TraceIDs) {
        trace = head?.headers.traceparent.flatMap(TraceContext.init(traceparent:)) ?? traces.fresh()
        let sent = head?.headers.correlationID.flatMap { CorrelationID.isValid($0) ? $0 : nil }
        correlationID = sent ?? trace.traceID
    }

    /// Nanoseconds since the request was whole.
    var age: Int64 { (NIODeadline.now() - began).nanoseconds }

    /// The same context, of which the body has arrived now.
    func whole() -> RequestContext {
        var context = self
        context.began = .now()
        return context
    }
}

import NIOCore
import RPC

/// What is known of one request beside its content: what the access log tells, and what every hop is told.
struct Exchange {
    private var began = NIODeadline.now()
    /// Milliseconds since 1970.
    let beganAt = CivilTime.millisecondsSinceEpoch()
    let correlationID: String
    let trace: TraceContext
    /// The route's pattern; never the path itself, which may name a person.
    var pattern = ""
    var principal: Principal?
    /// The code of the problem that was answered.
    var code: String?

    init(_ headers: RequestHeaders?) {
        trace = headers?.traceparent.flatMap(TraceContext.init(traceparent:)) ?? .fresh()
        let sent = headers?.correlationID.flatMap { CorrelationID.isValid($0) ? $0 : nil }
        correlationID = sent ?? trace.traceID
    }

    /// Nanoseconds since the request was whole.
    var age: Int64 { (NIODeadline.now() - began).nanoseconds }

    /// The same exchange, of which the body has arrived now.
    func whole() -> Exchange {
        var exchange = self
        exchange.began = .now()
        return exchange
    }
}

import NIOCore
import RPC

/// What is known of one request beside its content: what the access log tells, and what every hop is told.
struct Exchange {
    private let began = NIODeadline.now()
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
}

/// What ties together the log lines of one request: 1 to 128 of `[A-Za-z0-9._-]`.
enum CorrelationID {
    static func isValid(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

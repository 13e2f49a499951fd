public import RPC

/// A piece of work of one request: who did it, when, for how long, and how it ended. It holds ids of nobody and names from
/// closed sets: methods, routes, codes, types of events.
public struct TraceSpan: Sendable {
    /// With OpenTelemetry's numbers.
    public enum Kind: UInt8, Sendable {
        case `internal` = 1
        case server, client, producer, consumer
    }

    /// Beside the trace's id, this span's own.
    public let trace: TraceContext
    /// What other systems have written beside the trace, as it came; nil where they have not. Whoever collects spans is told it, and
    /// nobody else.
    public let traceState: String?
    /// Of the span that it is part of; 0 where there is none.
    public let parentSpanID: UInt64
    public let name: String
    public let kind: Kind
    /// By the machine's clock, in nanoseconds since 1970.
    public let startedAt: Int64
    /// Nanoseconds.
    public let duration: Int64
    /// How it ended: `OK`, `NOT_FOUND`, `201`.
    public let code: String
    /// Whether it ended in a fault of the hospital's.
    public let failed: Bool
    public let correlationID: String
    public let attributes: [Attribute]

    public struct Attribute: Sendable {
        public let key: StaticString
        public let value: String

        public init(_ key: StaticString, _ value: String) {
            self.key = key
            self.value = TraceSpan.bounded(value)
        }
    }

    /// What is longer is cut: nothing of a closed set is.
    static let longestText = 128

    /// - Parameters:
    ///   - duration: nanoseconds, up to now.
    ///   - before: how many nanoseconds ago it ended.
    public init(
        _ name: String, _ kind: Kind, _ trace: TraceContext, state traceState: String? = nil, parent: UInt64, correlationID: String,
        duration: Int64, endedBefore: Int64 = 0, code: String, failed: Bool, attributes: [Attribute] = []
    ) {
        self.name = TraceSpan.bounded(name)
        self.kind = kind
        self.trace = trace
        self.traceState = traceState
        parentSpanID = parent
        self.correlationID = TraceSpan.bounded(correlationID)
        self.duration = max(0, duration)
        startedAt = SystemTime.nanosecondsSinceEpoch() - endedBefore - self.duration
        self.code = TraceSpan.bounded(code)
        self.failed = failed
        self.attributes = attributes
    }

    private static func bounded(_ text: String) -> String {
        text.utf8.count <= longestText ? text : String(text.prefix(longestText))
    }
}

extension StatusCode {
    /// Whether a call that ends so is the hospital's fault and not its caller's: OpenTelemetry's rule for servers of gRPC.
    public var isFault: Bool {
        switch self {
        case .unknown, .deadlineExceeded, .unimplemented, .internal, .unavailable, .dataLoss: true
        case .ok, .cancelled, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .resourceExhausted, .failedPrecondition,
            .aborted, .outOfRange, .unauthenticated:
            false
        }
    }
}

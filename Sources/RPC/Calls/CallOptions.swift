/// How a client makes one call.
public struct CallOptions: Sendable {
    /// How long to wait for the answer; the client's default where nil.
    public var timeout: Duration?
    /// What to send beside the message.
    public var metadata: Metadata
    /// Where the call stands in a trace; a new one is begun where nil.
    public var trace: TraceContext?
    /// The span on whose behalf the call is made; 0 where there is none. It is told to nobody but the client's observer.
    public var parentSpanID: UInt64 = 0
    /// Whether the call may be tried again where that is safe.
    public var retry: Bool
    /// What the call goes before, where that is more than its method's own: it is made for a call that does.
    public var priority = CallPriority.ordinary

    public init(timeout: Duration? = nil, metadata: Metadata = Metadata(), trace: TraceContext? = nil, retry: Bool = true) {
        self.timeout = timeout
        self.metadata = metadata
        self.trace = trace
        self.retry = retry
    }

    /// Options for a call made on behalf of another: what is left of its deadline, a little shortened so that the
    /// answer still gets back in time, its correlation id, its trace with its state, its priority and its bearer token.
    public init(from context: CallContext) {
        self.init(trace: context.trace?.nextHop())
        parentSpanID = context.trace?.answeringSpanID ?? 0
        priority = context.priority
        if context.deadline != .never { timeout = CallOptions.shortened(context.deadline.remaining) }
        metadata[MetadataName.correlationID] = context.correlationID
        metadata[MetadataName.authorization] = context.metadata[MetadataName.authorization]
        metadata[MetadataName.traceState] = context.metadata[MetadataName.traceState]
    }

    /// Keeps back a twentieth for the way home, at most 20 ms.
    static func shortened(_ remaining: Duration) -> Duration {
        remaining - min(remaining / 20, .milliseconds(20))
    }
}

public import RPC

/// Keeps the spans of the calls that a server answers. It stands around all other interceptors.
public final class CallSpans: ServerFilter {
    private let recorder: SpanRecorder

    public init(_ recorder: SpanRecorder) {
        self.recorder = recorder
    }

    public func enter(_ call: ServerCall) -> Bool { true }

    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        let (context, code) = (call.context, outcome.code)
        let age = context.age
        // A stream lasts as long as its reader reads.
        guard recorder.keeps(context.trace, failed: code.isFault, after: context.method.isStreamed ? 0 : age) else { return }
        recorder.record(
            TraceSpan(
                context.method.name, .server, context.answering, state: context.traceState, parent: context.trace?.spanID ?? 0,
                correlationID: context.correlationID, duration: age, code: code.wireName, failed: code.isFault))
    }
}

extension CallContext {
    /// The span in which this call is answered.
    var answering: TraceContext {
        trace?.answering ?? .fresh()
    }
}

extension Result<ServerReply, any Error> {
    fileprivate var code: StatusCode {
        switch self {
        case .success: .ok
        case .failure(let error as RPCError): error.code
        case .failure: .internal
        }
    }
}

/// Keeps the spans of the calls that a client makes, beside counting them.
public struct HopSpans: CallObserver {
    private let recorder: SpanRecorder
    private let peer: String
    private let counting: (any CallObserver)?

    /// - Parameters:
    ///   - peer: the service that is called.
    ///   - counting: told of every call as well.
    public init(_ recorder: SpanRecorder, to peer: String, counting: (any CallObserver)?) {
        self.recorder = recorder
        self.peer = peer
        self.counting = counting
    }

    public func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration) {
        counting?.callEnded(method, code, after: duration)
    }

    public func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration, _ options: CallOptions) {
        counting?.callEnded(method, code, after: duration)
        // What is part of no request is seen in metrics.
        guard let trace = options.trace else { return }
        let nanoseconds = duration.nanoseconds
        guard recorder.keeps(trace, failed: code.isFault, after: method.isStreamed ? 0 : nanoseconds) else { return }
        recorder.record(
            TraceSpan(
                method.name, .client, trace, state: options.metadata[MetadataName.traceState].flatMap(TraceState.bounded),
                parent: options.parentSpanID,
                correlationID: options.metadata[MetadataName.correlationID] ?? trace.traceID, duration: nanoseconds, code: code.wireName,
                failed: code.isFault, attributes: [.init("peer", peer)]))
    }
}

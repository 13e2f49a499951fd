import Synchronization

/// What is known about one call besides its message.
public struct CallContext: Sendable {
    public let method: MethodDescriptor
    /// When the caller stops waiting.
    public let deadline: Deadline
    /// What the caller sent beside the message.
    public let metadata: Metadata
    /// Where the call stands in its trace; the span is the caller's.
    public let trace: TraceContext?
    /// The address that the call came from.
    public let peer: String
    /// Who calls, once an interceptor has verified it.
    public var principal: Principal?
    /// What interceptors have learned.
    public var values = ContextValues()

    private let notes: CallNotes

    public init(
        method: MethodDescriptor, deadline: Deadline = .never, metadata: Metadata = Metadata(), trace: TraceContext? = nil,
        principal: Principal? = nil, peer: String = "in-process"
    ) {
        self.method = method
        self.deadline = deadline
        self.metadata = metadata
        self.trace = trace
        self.principal = principal
        self.peer = peer
        notes = CallNotes()
    }

    /// What ties together the log lines of one request through all services: the caller's `x-correlation-id` where it
    /// is one, else the trace's id, else a new one. The same for the whole call.
    public var correlationID: String {
        notes.correlationID {
            let sent = metadata[MetadataName.correlationID].flatMap { CorrelationID.isValid($0) ? $0 : nil }
            return sent ?? (trace ?? .fresh()).traceID
        }
    }

    /// The W3C header of the call's trace.
    public var traceparent: String? {
        trace?.traceparent
    }

    /// The bearer token that came with the call; nil where none came, or what came is none.
    public var token: String? {
        metadata[MetadataName.authorization].flatMap(BearerToken.read)
    }

    /// Metadata that goes back with the answer, be it a message or an error. Copies of the context share it.
    public var replyMetadata: Metadata {
        notes.replyMetadata
    }

    /// The ids that an audited call has named, once its request is read. Copies of the context share it.
    public internal(set) var namedIDs: [String] {
        get { notes.namedIDs }
        nonmutating set { notes.namedIDs = newValue }
    }

    /// Sends `name: value` back with the answer.
    public func reply(_ name: String, _ value: String) {
        notes.reply(name, value)
    }
}

/// What a call gathers while it runs, shared by all copies of its context.
private final class CallNotes: Sendable {
    private struct State {
        var correlationID: String?
        var replyMetadata = Metadata()
        var namedIDs: [String] = []
    }

    private let state = Mutex(State())

    func correlationID(orElse make: () -> String) -> String {
        state.withLock { state in
            let correlationID = state.correlationID ?? make()
            state.correlationID = correlationID
            return correlationID
        }
    }

    var replyMetadata: Metadata {
        state.withLock { $0.replyMetadata }
    }

    var namedIDs: [String] {
        get { state.withLock { $0.namedIDs } }
        set { state.withLock { $0.namedIDs = newValue } }
    }

    func reply(_ name: String, _ value: String) {
        state.withLock { $0.replyMetadata[name] = value }
    }
}

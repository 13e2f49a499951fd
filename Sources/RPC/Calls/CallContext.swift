import NIOCore
import Synchronization

/// What is known about one call besides its message. There is one for each call: whoever holds it sees what others learn.
///
/// `@unchecked Sendable`: `principal` and `values` are set by interceptors on the call's way in, one after another, and only
/// read from there on, as is `returnedAt` from the way out on; what is gathered while the handler runs has its lock.
public final class CallContext: @unchecked Sendable {
    public let method: MethodDescriptor
    /// When the call arrived.
    let arrivedAt: NIODeadline
    /// When its handler returned, or what had to be waited for behind it was over. Set on the call's way out, by whom all that follows
    /// runs after.
    var returnedAt: NIODeadline?
    /// When the caller stops waiting.
    public let deadline: Deadline
    /// What the caller sent beside the message.
    public let metadata: Metadata
    /// Where the call stands in its trace; the span is the caller's.
    public let trace: TraceContext?
    /// What the call goes before where a server has too much to do, here and wherever it leads.
    public let priority: CallPriority
    private let origin: CallOrigin
    /// Who calls, once an interceptor has verified it.
    public var principal: Principal?
    /// What interceptors have learned.
    public var values = ContextValues()

    private let notes = Mutex(CallNotes())

    public convenience init(
        method: MethodDescriptor, deadline: Deadline = .never, metadata: Metadata = Metadata(), trace: TraceContext? = nil,
        principal: Principal? = nil, peer: String = "in-process"
    ) {
        self.init(
            method: method, arrivedAt: .now(), deadline: deadline, metadata: metadata, trace: trace, origin: CallOrigin(peer: peer))
        self.principal = principal
    }

    init(
        method: MethodDescriptor, arrivedAt: NIODeadline, deadline: Deadline, metadata: Metadata, trace: TraceContext?,
        priority: CallPriority = .ordinary, origin: CallOrigin
    ) {
        self.method = method
        self.arrivedAt = arrivedAt
        self.deadline = deadline
        self.metadata = metadata
        self.trace = trace
        self.priority = max(method.priority, priority)
        self.origin = origin
    }

    /// The address that the call came from.
    public var peer: String { origin.peer }

    /// What is remembered of those who called over the same connection before; nil where there is none.
    public var callers: RememberedCallers? { origin.callers }

    /// How many nanoseconds ago the call arrived, or how many it took once its handler has returned. A number, because a Duration
    /// divides 128 bits to tell them.
    public var age: Int64 {
        ((returnedAt ?? .now()) - arrivedAt).nanoseconds
    }

    /// What ties together the log lines of one request through all services: the caller's `x-correlation-id` where it
    /// is one, else the trace's id, else a new one. The same for the whole call.
    public var correlationID: String {
        notes.withLock { notes in
            if let known = notes.correlationID { return known }
            let sent = metadata[MetadataName.correlationID].flatMap { CorrelationID.isValid($0) ? $0 : nil }
            let correlationID = sent ?? (trace ?? .fresh()).traceID
            notes.correlationID = correlationID
            return correlationID
        }
    }

    /// Appends the correlation id: from where it stands, if the caller has sent one, or from the trace, without a text between.
    public func appendCorrelationID(to text: inout [UInt8]) {
        if let sent = metadata.bytes(of: MetadataName.correlationID)?.readableBytesView, CorrelationID.isValid(sent) {
            text.append(contentsOf: sent)
        } else if let trace {
            trace.appendTraceID(to: &text)
        } else {
            text.append(contentsOf: correlationID.utf8)
        }
    }

    /// Whether the spans of the call are wanted.
    public var isSampled: Bool { trace?.isSampled ?? false }

    /// The W3C header of the call's trace.
    public var traceparent: String? {
        trace?.traceparent
    }

    /// What other systems have written beside the call's trace (W3C `tracestate`), bounded; nil where they have not.
    public var traceState: String? {
        trace == nil ? nil : metadata[MetadataName.traceState].flatMap(TraceState.bounded)
    }

    /// The bearer token that came with the call; nil where none came, or what came is none.
    public var token: String? {
        metadata[MetadataName.authorization].flatMap(BearerToken.read)
    }

    /// Metadata that goes back with the answer, be it a message or an error.
    public var replyMetadata: Metadata {
        notes.withLock { $0.replyMetadata }
    }

    /// The ids that an audited call has named, once its request is read.
    public internal(set) var namedIDs: [String] {
        get { notes.withLock { $0.namedIDs } }
        set { notes.withLock { $0.namedIDs = newValue } }
    }

    /// Whether one more span of this call may be kept; counts as one.
    public func takeSpan(atMost most: Int) -> Bool {
        notes.withLock { notes in
            notes.spans += 1
            return notes.spans <= most
        }
    }

    /// Sends `name: value` back with the answer.
    public func reply(_ name: String, _ value: String) {
        notes.withLock { $0.replyMetadata[name] = value }
    }
}

/// What a call gathers while it runs.
private struct CallNotes {
    var correlationID: String?
    var replyMetadata = Metadata()
    var namedIDs: [String] = []
    var spans = 0
}

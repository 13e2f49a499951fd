public import NIOCore
public import RPC

/// What calls are let in by, and go to: in this the ports differ that speak gRPC. One for each connection, used on its event loop only.
public protocol GRPCDoor: AnyObject {
    var limits: GRPCLimits { get }
    /// Where tasks run.
    var executor: EventLoopExecutor { get }
    /// What is served under a name: `hms.patient.v1.PatientService/GetPatient`.
    func method(named name: String) -> MethodDescriptor?
    /// Lets a call in by its header, or doesn't, without waiting for anything. Nil where ``admit(_:to:decided:)`` has to be asked.
    func admitAtOnce(_ header: GRPCHeader, to method: MethodDescriptor) -> Result<GRPCAdmission, RPCError>?
    /// Lets a call in by its header, or doesn't.
    ///
    /// - Parameter decided: told once, mostly before this returns.
    /// - Returns: what finds it out, where that takes a task.
    func admit(
        _ header: GRPCHeader, to method: MethodDescriptor, decided: @escaping @Sendable (Result<GRPCAdmission, RPCError>) -> Void
    ) -> Task<Void, Never>?
    /// Counts bytes of requests that are not whole yet, or are so now. Answers false where there are too many; they are counted
    /// nonetheless.
    func hold(_ byteCount: Int) -> Bool
    /// Takes on a call whose request has come whole. False where there is no room for it, or for its bytes: then nothing is taken.
    func takeOn(_ method: MethodDescriptor, byteCount: Int) -> Bool
    /// A call that was taken on has ended.
    func letGo(byteCount: Int)
    /// Whether the service can do its work that serves under a name, or all can where it is empty; nil where nobody does.
    func isServing(_ service: String) async -> Bool?
    /// The names under which something is served here: `hms.patient.v1.PatientService`. Asked for who was let in to ask.
    func services(for admission: GRPCAdmission) async throws -> [String]
}

extension GRPCDoor {
    public func admitAtOnce(_ header: GRPCHeader, to method: MethodDescriptor) -> Result<GRPCAdmission, RPCError>? { nil }

    public func admit(
        _ header: GRPCHeader, to method: MethodDescriptor, decided: @escaping @Sendable (Result<GRPCAdmission, RPCError>) -> Void
    ) -> Task<Void, Never>? {
        decided(admitAtOnce(header, to: method) ?? .failure(.internal))
        return nil
    }
}

/// A call that was let in.
public struct GRPCAdmission: Sendable {
    /// Where it goes; nil for what is answered here.
    public let channel: (any RPCChannel)?
    public let options: CallOptions
    /// What goes back with the answer.
    public let replyMetadata: Metadata
    /// Is told how the call ended; nil: well.
    public let ended: @Sendable (RPCError?) -> Void

    public init(
        channel: (any RPCChannel)?, options: CallOptions, replyMetadata: Metadata = Metadata(),
        ended: @escaping @Sendable (RPCError?) -> Void = { _ in }
    ) {
        self.channel = channel
        self.options = options
        self.replyMetadata = replyMetadata
        self.ended = ended
    }
}

/// What a call may cost.
public struct GRPCLimits: Sendable {
    /// Bytes of a request's message.
    public var messageByteCount = 4 << 20
    /// Bytes of what comes beside it.
    public var metadataByteCount = 8 << 10
    /// From a request's header to its end.
    public var requestTimeout = TimeAmount.seconds(30)
    /// How long a caller may leave a message of a stream unread.
    public var readTimeout = TimeAmount.seconds(30)

    public init() {}
}

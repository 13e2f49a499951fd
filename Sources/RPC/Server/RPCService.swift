/// One service of a contract: knows its methods and answers calls to them. Generated code conforms to it.
public protocol RPCService: Sendable {
    var methods: [MethodDescriptor] { get }

    /// Answers a call to one of `methods`. An ``RPCError`` goes to the caller as it is, any other error as `INTERNAL`.
    func call(_ call: ServerCall) async throws -> ServerReply

    /// The same for a call that can be answered here and now, without a task. Nil, with nothing done, where something has to be
    /// waited for: then ``call(_:)`` is asked. Must not block.
    func answerAtOnce(_ call: ServerCall) throws -> ServerReply?
}

extension RPCService {
    public func answerAtOnce(_ call: ServerCall) throws -> ServerReply? { nil }
}

/// Stands around every call of a server: looks at it, refuses it by throwing, or goes on with `next`.
public protocol ServerInterceptor: Sendable {
    /// Whether there is anything to do around calls of this method. It isn't asked about others.
    func concerns(_ method: MethodDescriptor) -> Bool
    func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply
}

extension ServerInterceptor {
    public func concerns(_ method: MethodDescriptor) -> Bool { true }
}

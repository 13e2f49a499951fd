public import NIOCore

/// A way to reach services: over a socket, or within the process.
public protocol RPCChannel: Sendable {
    /// Calls a method with an encoded request. Throws ``RPCError`` only.
    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply

    /// Begins the same without a task: `onReply` is told once how it ended, on the event loop on which this was called; perhaps
    /// before this returns. Nil, with nothing done and nothing told, where a task is needed.
    func begin(
        _ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions,
        onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> BegunCall?
}

extension RPCChannel {
    public func begin(
        _ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions,
        onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> BegunCall? { nil }
}

/// The answer to a call, as the client sees it.
public struct ClientReply: Sendable {
    /// The response, encoded.
    public var payload: ByteBuffer
    public var metadata: Metadata

    public init(payload: ByteBuffer, metadata: Metadata = Metadata()) {
        self.payload = payload
        self.metadata = metadata
    }
}

/// Stands around every call of a client. `next` may be called again, for a retry.
public protocol ClientInterceptor: Sendable {
    func intercept(_ call: ClientCall, next: (ClientCall) async throws -> ClientReply) async throws -> ClientReply
}

/// A call as it passes client interceptors.
public struct ClientCall: Sendable {
    public let method: MethodDescriptor
    public var payload: ByteBuffer
    public var options: CallOptions

    public init(method: MethodDescriptor, payload: ByteBuffer, options: CallOptions) {
        self.method = method
        self.payload = payload
        self.options = options
    }
}

public import NIOCore
public import ProtobufC

/// A way to reach services: over a socket, or within the process.
public protocol RPCChannel: Sendable {
    /// Calls a method with an encoded request. Throws ``RPCError`` only.
    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply
    /// The same with a message, which is packed where it leaves from if it can leave at once.
    func call(_ method: MethodDescriptor, with request: some Message, _ options: CallOptions) async throws -> ClientReply

    /// Begins a call without a task: `onReply` is told once how it ended, on the event loop on which this was called; perhaps
    /// before this returns. Nil, with nothing done and nothing told, where a task is needed.
    func begin(
        _ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions,
        onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> BegunCall?

    /// Calls a method that is answered by a stream. The call begins at once, and is cancelled when nobody holds the stream any
    /// more; reading it throws ``RPCError`` only.
    func stream(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) -> PayloadStream
}

extension RPCChannel {
    public func stream(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) -> PayloadStream {
        PayloadStream(failing: .unimplemented("\(method.name) as a stream"))
    }

    public func call(_ method: MethodDescriptor, with request: some Message, _ options: CallOptions) async throws -> ClientReply {
        try await call(method, request.payload(), options)
    }

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

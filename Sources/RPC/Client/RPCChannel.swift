public import NIOCore

/// A way to reach services: over a socket, or within the process.
public protocol RPCChannel: Sendable {
    /// Calls a method with an encoded request. Throws ``RPCError`` only.
    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply
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

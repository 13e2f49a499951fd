public import ProtobufC

/// The messages that answer a call, as they come. Reading grants the sender more, so a slow reader slows him; the call is
/// cancelled when the stream is dropped, or the task that reads it is cancelled. It is read once, by one reader, who gets
/// ``RPCError`` where it doesn't end well.
public struct MessageStream<Response: Message>: AsyncSequence, Sendable {
    private let payloads: PayloadStream
    private let method: MethodDescriptor

    init(_ payloads: PayloadStream, of method: MethodDescriptor) {
        self.payloads = payloads
        self.method = method
    }

    /// What came beside the end of the stream; nothing before.
    public var trailingMetadata: Metadata { payloads.trailingMetadata }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(payloads: payloads.makeAsyncIterator(), method: method)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var payloads: PayloadStream.AsyncIterator
        fileprivate let method: MethodDescriptor

        public mutating func next() async throws -> Response? {
            guard let payload = try await payloads.next() else { return nil }
            do {
                return try Response(payload: payload)
            } catch {
                throw RPCError(.internal, "INTERNAL", "a message of \(method.name) can't be read: \(error.message)")
            }
        }
    }
}

extension RPCChannel {
    /// Calls a method that is answered by a stream.
    public func stream<Response: Message>(
        _ request: some Message, to method: MethodDescriptor, _ options: CallOptions
    ) -> MessageStream<Response> {
        MessageStream(stream(method, request.payload(), options), of: method)
    }
}

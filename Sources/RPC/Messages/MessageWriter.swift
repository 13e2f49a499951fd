public import FieldChecks
import NIOCore
public import ProtobufC

/// Where a handler writes the messages that answer a call, one after another. Writing waits while the caller reads slowly, and
/// throws once he has gone or his deadline has come; no more than one message is held for him.
public struct MessageWriter<Response: Message>: Sendable {
    private let call: ServerCall

    @usableFromInline
    init(to call: ServerCall) {
        self.call = call
    }

    /// Sends a message. One at a time: a second one, written while the first waits, is refused.
    public func write(_ message: Response) async throws {
        let sink = try call.sink
        let isSent = try message.withPacked { try sink.sendAtOnce(.packed($0), of: call) }
        if !isSent { try await sink.send(message.payload(), of: call) }
    }
}

extension ServerCall {
    /// Reads the request, holds it to its field rules, and lets `handler` write the messages that answer it.
    @inlinable
    public func answer<Request: CheckedMessage, Response: Message>(
        writing handler: (Request, CallContext, MessageWriter<Response>) async throws -> Void
    ) async throws -> ServerReply {
        try await handler(try request(), context, MessageWriter(to: self))
        return ServerReply.endOfStream
    }

    /// Sends a message, encoded.
    package func write(_ payload: ByteBuffer) async throws {
        let sink = try sink
        if try !sink.sendAtOnce(.payload(payload), of: self) { try await sink.send(payload, of: self) }
    }

    fileprivate var sink: any StreamSink {
        get throws(RPCError) {
            guard let sink = stream?.sink else { throw .unimplemented("\(context.method.name) as a stream") }
            return sink
        }
    }

    /// What was sent of the stream that answers the call, once its handler has returned; nil where it is answered by one message.
    public var sent: (messages: Int, bytes: Int)? {
        stream.map { ($0.messageCount, $0.byteCount) }
    }
}

extension ServerReply {
    /// All messages are written.
    public static var endOfStream: ServerReply { ServerReply(payload: ByteBuffer()) }
}

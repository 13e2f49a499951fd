public import NIOCore

/// The messages that answer a call, encoded, as they come. Reading grants the sender more, so a slow reader slows him; the call
/// is cancelled when the stream is dropped, or the task that reads it is cancelled. It is read once, by one reader.
public struct PayloadStream: AsyncSequence, Sendable {
    private let reading: StreamReading

    package init(_ incoming: IncomingMessages, cancel: @escaping @Sendable () -> Void) {
        reading = StreamReading(incoming, cancel: cancel)
    }

    /// A stream of a call that can't be made.
    public init(failing error: RPCError) {
        let incoming = IncomingMessages(windowKiB: 0)
        incoming.end(.failure(error))
        self.init(incoming) {}
    }

    /// What came beside the end of the stream; nothing before.
    public var trailingMetadata: Metadata { reading.incoming.trailingMetadata }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reading: reading)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reading: StreamReading

        public mutating func next() async throws -> ByteBuffer? {
            try await withTaskCancellationHandler {
                try await reading.incoming.next()
            } onCancel: { [reading] in
                reading.cancel()
            }
        }
    }
}

/// The one who reads a stream. Nobody is left who could when it goes.
private final class StreamReading: Sendable {
    let incoming: IncomingMessages
    let cancel: @Sendable () -> Void

    init(_ incoming: IncomingMessages, cancel: @escaping @Sendable () -> Void) {
        self.incoming = incoming
        self.cancel = cancel
    }

    deinit {
        cancel()
    }
}

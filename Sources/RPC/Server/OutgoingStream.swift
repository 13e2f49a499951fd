import NIOCore

/// The messages that answer one call, on their way out: what may be sent, and the one message that waits.
///
/// `@unchecked Sendable`: touched where its sink sends only; the handler reads what was sent once it has written the last.
package final class OutgoingStream: @unchecked Sendable {
    /// Where the messages go. Set before the handler runs.
    package var sink: (any StreamSink)?
    package var credit: StreamCredit
    /// The message that waits for credit, or for room on the connection: no second one is taken meanwhile.
    var waiting: ByteBuffer?
    /// Is told when it has gone, or never will.
    var waiter: CheckedContinuation<Void, any Error>?
    /// It stands in its connection's queue for room.
    var isQueued = false
    /// Why nothing more is written: the call has ended before its handler, or he has given up.
    var end: RPCError?
    /// WINDOW frames that the client may send for what it was sent.
    var windowsEarned = OutgoingStream.windowsInAdvance
    /// What was sent.
    package private(set) var messageCount = 0
    package private(set) var byteCount = 0

    /// A client's grant may cross the message that it could have waited for.
    static let windowsInAdvance = 4

    package init(credit: StreamCredit) {
        self.credit = credit
    }

    /// Counts a message that goes out now.
    package func spend(_ messageByteCount: Int) {
        credit.spend(messageByteCount)
        messageCount += 1
        byteCount += messageByteCount
        windowsEarned += 1
    }

    /// Tells who waits, once.
    func resume(_ outcome: Result<Void, any Error>) {
        let waiter = waiter.take()
        waiter?.resume(with: outcome)
    }
}

/// Carries the messages of a stream to its caller.
package protocol StreamSink: Sendable {
    /// Sends a message if that can be done here and now; false, with nothing done, where it can't.
    func sendAtOnce(_ message: FrameMessage, of call: ServerCall) throws -> Bool
    /// Sends a message as soon as there is credit for it and room. Throws where the call has ended.
    func send(_ payload: ByteBuffer, of call: ServerCall) async throws
}

/// A second message was written to a stream while the first still waited.
struct WriteUnderWay: Error {}

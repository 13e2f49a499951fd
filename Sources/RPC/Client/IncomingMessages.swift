import DequeModule
import NIOCore
import Synchronization

/// The messages of a stream that have come, until its reader takes them. What he takes is granted anew: so he holds back the
/// sender, and never has more here than the stream's window and one message.
package final class IncomingMessages: Sendable {
    private struct State {
        var messages: Deque<ByteBuffer> = []
        var hasReceived = false
        /// How the call ended; what came before is read first.
        var end: Result<Metadata, RPCError>?
        var reader: CheckedContinuation<Void, Never>?
        /// Taken, and not granted anew.
        var takenByteCount = 0
        var source: (any GrantingSource)?
    }

    package let windowKiB: UInt16
    private let state = Mutex(State())

    package init(windowKiB: UInt16) {
        self.windowKiB = windowKiB
    }

    /// Whether a message has come: then the call can't be made anew.
    var hasReceived: Bool { state.withLock(\.hasReceived) }

    // MARK: From the sender

    /// Messages come from there now.
    package func began(from source: any GrantingSource) {
        state.withLock { $0.source = source }
    }

    /// No more come from there.
    func left() {
        state.withLock { $0.source = nil }
    }

    package func receive(_ message: ByteBuffer) {
        change { state in
            state.messages.append(message)
            state.hasReceived = true
        }
    }

    /// The call has ended. Only the first end counts.
    package func end(_ end: Result<Metadata, RPCError>) {
        change { state in
            if state.end == nil { state.end = end }
            state.source = nil
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            return state.reader.take()
        }
        reader?.resume()
    }

    // MARK: From the reader

    /// The next message; nil, or the error, at the end. One reader at a time.
    func next() async throws -> ByteBuffer? {
        while true {
            if let message = take() { return message }
            if let end = state.withLock({ $0.messages.isEmpty ? $0.end : nil }) { return try finished(end) }
            await arrival()
        }
    }

    /// What came beside the end; nothing before.
    var trailingMetadata: Metadata {
        state.withLock { state in
            if case .success(let metadata) = state.end { metadata } else { Metadata() }
        }
    }

    private func take() -> ByteBuffer? {
        let (message, granted, source) = state.withLock { state in
            let message = state.messages.popFirst()
            if let message { state.takenByteCount += StreamCredit.cost(of: message.readableBytes) }
            guard state.takenByteCount >= grantByteCount, let source = state.source else {
                return (message, 0, nil as (any GrantingSource)?)
            }
            defer { state.takenByteCount = 0 }
            return (message, state.takenByteCount, source)
        }
        source?.grant(granted)
        return message
    }

    /// Granting in halves of the window keeps the sender going and costs few frames.
    private var grantByteCount: Int {
        max(1, Int(windowKiB) * 512)
    }

    /// An error is told once; a stream that has ended has no more.
    private func finished(_ end: Result<Metadata, RPCError>) throws -> ByteBuffer? {
        if case .failure = end { state.withLock { $0.end = .success(Metadata()) } }
        _ = try end.get()
        return nil
    }

    private func arrival() async {
        await withCheckedContinuation { reader in
            let isThere = state.withLock { state in
                let isThere = !state.messages.isEmpty || state.end != nil
                if !isThere { state.reader = reader }
                return isThere
            }
            if isThere { reader.resume() }
        }
    }
}

/// What sends a stream, and is told when more may come.
package protocol GrantingSource: Sendable {
    func grant(_ byteCount: Int)
}

/// A stream of a connection.
///
/// `@unchecked Sendable`: the connection is touched on its event loop only.
struct StreamSource: GrantingSource, @unchecked Sendable {
    let connection: ClientConnectionHandler
    let streamID: UInt32

    func grant(_ byteCount: Int) {
        let eventLoop = connection.resources.eventLoop
        if eventLoop.inEventLoop { return connection.grant(byteCount, streamID) }
        eventLoop.execute { connection.grant(byteCount, streamID) }
    }
}

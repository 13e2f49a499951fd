package import NIOCore
import Synchronization

/// Carries the messages of a stream from a handler to its reader in the same process, with the credit that a connection gives.
package final class InProcessStream: StreamSink, GrantingSource {
    private struct State {
        var credit: StreamCredit
        var end: RPCError?
        var waiting: (payload: ByteBuffer, waiter: CheckedContinuation<Void, any Error>)?
    }

    private let incoming: IncomingMessages
    private let state: Mutex<State>

    package init(to incoming: IncomingMessages) {
        self.incoming = incoming
        state = Mutex(State(credit: StreamCredit(byteCount: Int(incoming.windowKiB) * 1024)))
    }

    /// Everything waits its turn in ``send(_:of:)``.
    package func sendAtOnce(_ message: FrameMessage, of call: ServerCall) throws -> Bool { false }

    package func send(_ payload: ByteBuffer, of call: ServerCall) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                state.withLock { $0.waiting = (payload, waiter) }
                goOn()
            }
        } onCancel: {
            end(.cancelled)
        }
        call.stream?.spend(payload.readableBytes)
    }

    /// The reader has taken so much.
    package func grant(_ byteCount: Int) {
        state.withLock { _ = $0.credit.grant(byteCount) }
        goOn()
    }

    /// Nothing more is sent.
    package func end(_ error: RPCError) {
        state.withLock { if $0.end == nil { $0.end = error } }
        goOn()
    }

    private func goOn() {
        let (sent, waiter, end) = state.withLock { state -> (ByteBuffer?, CheckedContinuation<Void, any Error>?, RPCError?) in
            guard let waiting = state.waiting else { return (nil, nil, nil) }
            guard state.end != nil || state.credit.permitsMessage else { return (nil, nil, nil) }
            state.waiting = nil
            if let end = state.end { return (nil, waiting.waiter, end) }
            state.credit.spend(waiting.payload.readableBytes)
            return (waiting.payload, waiting.waiter, nil)
        }
        if let sent { incoming.receive(sent) }
        if let end { waiter?.resume(throwing: end) } else { waiter?.resume() }
    }
}

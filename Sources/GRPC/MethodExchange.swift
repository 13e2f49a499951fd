import HTTP2
import NIOCore
import RPC

/// A call to a method of the hospital's contract.
final class MethodExchange: GRPCExchange {
    private let method: MethodDescriptor
    private var request: ByteBuffer?
    private var call: BegunCall?

    init(_ header: GRPCHeader, to method: MethodDescriptor, on stream: HTTP2Stream, through door: any GRPCDoor) {
        self.method = method
        super.init(header, on: stream, through: door, messageLimit: door.limits.messageByteCount)
    }

    override func received(message: ByteBuffer) {
        guard request == nil else { return fail(.invalidArgument("a call has one message")) }
        request = message
        wait(with: message)
    }

    override func messagesEnded() {
        guard let request = request.take(), let admission else { return fail(.invalidArgument("a call has a message")) }
        guard let channel = admission.channel else { return fail(.unimplemented(method.name)) }
        guard takeOn(request, of: method) else { return }
        stream.pauseTime()
        if method.isStreamed { relay(request, channel, admission.options) } else { ask(request, channel, admission.options) }
    }

    override func cancelled() {
        let call = call.take()
        call?.cancel()
    }

    // MARK: One answer

    private func ask(_ request: ByteBuffer, _ channel: any RPCChannel, _ options: CallOptions) {
        let exchange = NIOLoopBound(self, eventLoop: door.executor.eventLoop)
        if let begun = channel.begin(method, request, options, onReply: { exchange.value.replied($0) }) {
            if !hasEnded { call = begun }
            return
        }
        let method = method
        task = Task.immediate(executorPreference: door.executor) {
            do {
                let reply = try await channel.call(method, request, options)
                exchange.value.replied(.success(reply))
            } catch {
                exchange.value.replied(.failure(error as? RPCError ?? .internal))
            }
        }
    }

    private func replied(_ result: Result<ClientReply, RPCError>) {
        (call, task) = (nil, nil)
        switch result {
        case .success(let reply):
            sendHeader(reply.metadata)
            send(reply.payload)
            end()
        case .failure(let error): fail(error)
        }
    }

    // MARK: A stream of answers

    /// The next message is taken when the one before has left: so a slow reader slows who writes.
    private func relay(_ request: ByteBuffer, _ channel: any RPCChannel, _ options: CallOptions) {
        let messages = channel.stream(method, request, options)
        // It lasts as long as its reader reads, and what is in hand is bounded for itself.
        letGo()
        let exchange = NIOLoopBound(self, eventLoop: door.executor.eventLoop)
        task = Task.immediate(executorPreference: door.executor) {
            do {
                for try await message in messages {
                    guard let sent = exchange.value.sendOne(message) else { return }
                    try await sent.get()
                }
                exchange.value.ended(nil)
            } catch {
                exchange.value.ended(error)
            }
        }
    }

    /// Nil where nobody hears it any more.
    private func sendOne(_ message: ByteBuffer) -> EventLoopFuture<Void>? {
        guard !hasEnded else { return nil }
        let promise = door.executor.eventLoop.makePromise(of: Void.self)
        stream.expire(in: door.limits.readTimeout)
        send(message, promise: promise)
        return promise.futureResult
    }

    private func ended(_ error: (any Error)?) {
        task = nil
        stream.pauseTime()
        if let error { fail(error as? RPCError ?? .cancelled) } else { end() }
    }
}

import HTTP2
import NIOCore
import RPC

/// `grpc.reflection.v1` and `v1alpha`: what is served and what it is made of, for tools that were built without the contract. Who
/// asks needs what `hms.rpc.v1.ReflectionService` asks for.
final class ReflectionExchange: GRPCExchange {
    static let services = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]
    /// Questions that may wait for their answers.
    private static let questionLimit = 256

    private var questions: [ByteBuffer] = []

    init(_ header: GRPCHeader, on stream: HTTP2Stream, through door: any GRPCDoor) {
        super.init(header, on: stream, through: door, messageLimit: 16 << 10)
    }

    override func received(message: ByteBuffer) {
        guard questions.count < Self.questionLimit else {
            return fail(.overloaded("too many questions wait", retryAfter: .seconds(1)))
        }
        questions.append(message)
        answer()
    }

    override func messagesEnded() {
        answer()
    }

    override func connectionDrains() {
        fail(.unavailable("the server is shutting down"))
    }

    override func timePassed() {
        fail(.deadlineExceeded)
    }

    private func answer() {
        guard task == nil, let admission else { return }
        let exchange = NIOLoopBound(self, eventLoop: door.executor.eventLoop)
        task = Task.immediate(executorPreference: door.executor) {
            do {
                let services = try await exchange.value.door.services(for: admission)
                while let question = exchange.value.next() {
                    try await exchange.value.send(answer: ServerReflection.answer(question, services)).get()
                }
            } catch {
                exchange.value.fail(error as? RPCError ?? .cancelled)
            }
        }
    }

    /// Nil where there is none now; the call ends where there will be none.
    private func next() -> ByteBuffer? {
        guard !hasEnded, !questions.isEmpty else {
            task = nil
            if isWhole { end() } else { stream.expire(in: door.limits.requestTimeout) }
            return nil
        }
        return questions.removeFirst()
    }

    private func send(answer: ByteBuffer) -> EventLoopFuture<Void> {
        let promise = door.executor.eventLoop.makePromise(of: Void.self)
        send(answer, promise: promise)
        return promise.futureResult
    }
}

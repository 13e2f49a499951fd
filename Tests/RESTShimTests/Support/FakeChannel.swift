import NIOCore
import RPC
import Synchronization

/// Stands for a service: remembers the calls and answers as it is told.
final class FakeChannel: RPCChannel {
    struct Call: Sendable {
        let method: MethodDescriptor
        let payload: String
        let options: CallOptions
    }

    typealias Reply = @Sendable (Call) async throws -> ClientReply

    private let recorded = Mutex<[Call]>([])
    private let reply: Reply

    init(_ reply: @escaping Reply = { _ in ClientReply(payload: ByteBuffer(string: "{}")) }) {
        self.reply = reply
    }

    var calls: [Call] { recorded.withLock { $0 } }

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        let call = Call(method: method, payload: String(buffer: payload), options: options)
        recorded.withLock { $0.append(call) }
        return try await reply(call)
    }
}

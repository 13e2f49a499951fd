public import NIOCore
public import RPC
import Synchronization

/// Leads to a service that is opened later, for services that ask each other.
public final class LateChannel: RPCChannel {
    private let target = Mutex<(any RPCChannel)?>(nil)

    public init() {}

    public func lead(to channel: any RPCChannel) {
        target.withLock { $0 = channel }
    }

    public func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        guard let channel = target.withLock({ $0 }) else { throw RPCError.unavailable("The service is not open yet.") }
        return try await channel.call(method, payload, options)
    }
}

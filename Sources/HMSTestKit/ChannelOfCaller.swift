public import NIOCore
public import RPC

/// Calls as one caller: with his token and his deadline, whatever the client says.
public struct ChannelOfCaller: RPCChannel {
    private let channel: any RPCChannel
    private let options: CallOptions

    public init(_ channel: any RPCChannel, _ options: CallOptions) {
        self.channel = channel
        self.options = options
    }

    public func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        try await channel.call(method, payload, self.options)
    }

    public func stream(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) -> PayloadStream {
        channel.stream(method, payload, self.options)
    }
}

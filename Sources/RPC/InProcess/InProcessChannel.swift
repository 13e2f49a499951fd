public import NIOCore

/// Calls services without a socket: the same interceptors, the same errors.
public struct InProcessChannel: RPCChannel {
    private let table: ServiceTable

    public init(services: [any RPCService], interceptors: [any ServerInterceptor] = []) {
        table = ServiceTable(services: services, interceptors: interceptors)
    }

    public func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        let deadline = options.timeout.map(Deadline.after) ?? .never
        let context = CallContext(method: method, deadline: deadline, metadata: options.metadata, trace: options.trace ?? .fresh())
        let reply = try await table.answer(ServerCall(context: context, payload: payload))
        var metadata = context.replyMetadata
        metadata.merge(reply.metadata)
        return ClientReply(payload: reply.payload, metadata: metadata)
    }
}

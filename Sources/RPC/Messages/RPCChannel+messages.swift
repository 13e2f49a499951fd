public import ProtobufC

extension RPCChannel {
    /// Calls a method with a message and reads the answer.
    public func send<Request: Message, Response: Message>(_ request: Request, to method: MethodDescriptor, _ options: CallOptions)
        async throws -> Response
    {
        let reply = try await call(method, with: request, options)
        do {
            return try Response(payload: reply.payload)
        } catch {
            throw RPCError(.internal, "INTERNAL", "the answer of \(method.name) can't be read: \(error.message)")
        }
    }
}

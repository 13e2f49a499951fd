import Logging

/// A method, its service, and the interceptors between that concern it, the first outermost: put together once.
final class ServedMethod: Sendable {
    private typealias Handler = @Sendable (ServerCall) async throws -> ServerReply

    let descriptor: MethodDescriptor
    private let handler: Handler

    init(_ descriptor: MethodDescriptor, of service: any RPCService, behind interceptors: [any ServerInterceptor]) {
        self.descriptor = descriptor
        var handler: Handler = { try await service.call($0) }
        for interceptor in interceptors.reversed() where interceptor.concerns(descriptor) {
            let next = handler
            handler = { try await interceptor.intercept($0, next: next) }
        }
        self.handler = handler
    }

    /// Runs a call to its end. What isn't an ``RPCError`` is for the log only.
    func response(to call: ServerCall, logger: @autoclosure () -> Logger) async -> Response {
        do {
            let reply = try await handler(call)
            var metadata = reply.metadata
            metadata.merge(call.context.replyMetadata)
            return Response(outcome: .message(reply.payload), metadata: metadata)
        } catch {
            return Response(outcome: .error(rpcError(of: error, in: call.context, logger())), metadata: call.context.replyMetadata)
        }
    }

    /// What the caller learns of an error that ended his call.
    private func rpcError(of error: any Error, in context: CallContext, _ logger: Logger) -> RPCError {
        if let error = error as? RPCError { return error }
        if error is CancellationError { return context.deadline.hasPassed ? .deadlineExceeded : .cancelled }
        logger.error(
            "a call failed unexpectedly",
            metadata: ["method": "\(context.method.name)", "correlation_id": "\(context.correlationID)", "error": "\(error)"])
        return .internal
    }
}

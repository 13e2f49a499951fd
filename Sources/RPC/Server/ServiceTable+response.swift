import Logging

extension ServiceTable {
    /// Runs a call to its end. What isn't an ``RPCError`` is for the log only.
    func response(to call: ServerCall, logger: @autoclosure () -> Logger) async -> Response {
        do {
            let reply = try await answer(call)
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

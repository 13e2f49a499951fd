import Logging
import NIOCore

/// What all connections of a server share.
final class ServerCore: Sendable {
    let table: ServiceTable
    let options: RPCServerOptions
    let gate: CallGate
    let connections: ConnectionRegistry
    let logger: Logger
    let loops: [ObjectIdentifier: LoopResources]

    init(table: ServiceTable, options: RPCServerOptions, group: any EventLoopGroup, logger: Logger) {
        self.table = table
        self.options = options
        self.logger = logger
        gate = CallGate(limit: options.maximumCallsInFlight)
        connections = ConnectionRegistry(limit: options.maximumConnections)
        loops = LoopResources.all(of: group)
    }

    func resources(of eventLoop: any EventLoop) -> LoopResources {
        loops[ObjectIdentifier(eventLoop)] ?? LoopResources(on: eventLoop)
    }

    /// Runs a call to its end. What isn't an ``RPCError`` is for the log only.
    func response(to call: ServerCall) async -> Response {
        do {
            let reply = try await table.answer(call)
            var metadata = reply.metadata
            metadata.merge(call.context.replyMetadata)
            return Response(outcome: .message(reply.payload), metadata: metadata)
        } catch {
            return Response(outcome: .error(rpcError(of: error, in: call.context)), metadata: call.context.replyMetadata)
        }
    }

    private func rpcError(of error: any Error, in context: CallContext) -> RPCError {
        RPCError.forCaller(of: context, from: error) { error in
            logger.error(
                "a call failed unexpectedly",
                metadata: [
                    "method": "\(context.method.name)", "correlation_id": "\(context.correlationID)", "error": "\(error)",
                ])
        }
    }
}

extension RPCError {
    /// What the caller learns of an error that ended his call; `log` gets what he must not see.
    static func forCaller(of context: CallContext, from error: any Error, log: (any Error) -> Void) -> RPCError {
        if let error = error as? RPCError { return error }
        if error is CancellationError { return context.deadline.hasPassed ? .deadlineExceeded : .cancelled }
        log(error)
        return .internal
    }
}

public import Logging
public import RPC

/// Writes one line for every call: what was called, by whom, how it ended and how long it took. Never what was said; but of a
/// call that the contract wants audited, which ids it named.
///
/// It stands around all other interceptors, so a refused call has its line too.
public struct AccessLog: ServerInterceptor {
    private let logger: Logger

    public init(logger: Logger) {
        self.logger = logger
    }

    public func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        guard logger.logLevel <= .info else { return try await next(call) }
        let start = ContinuousClock.now
        do {
            let reply = try await next(call)
            log(call.context, ending: "OK", reason: nil, since: start)
            return reply
        } catch let error as RPCError {
            log(call.context, ending: "\(error.code)", reason: error.reason, since: start)
            throw error
        }
    }

    private func log(_ context: CallContext, ending status: String, reason: String?, since start: ContinuousClock.Instant) {
        logger.log(.info, "call") { line in
            if context.method.audit { line.add("audited", true) }
            if let principal = context.principal { line.add("caller", principal.subject) }
            line.add("correlation_id", context.correlationID)
            line.add("duration_ms", milliseconds: (ContinuousClock.now - start).nanoseconds)
            if context.method.audit { line.add("ids", context.namedIDs.joined(separator: " ")) }
            line.add("method", context.method.name)
            if let reason { line.add("reason", reason) }
            if let principal = context.principal { line.add("role", CallerRole(principal.role)?.rawValue ?? "") }
            line.add("status", status)
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

public import Logging
public import RPC
import Synchronization

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
        var call = call
        let caller = SeenCaller()
        call.context.values[SeenCaller.self] = caller
        let start = ContinuousClock.now
        do {
            let reply = try await next(call)
            log(call.context, caller, ending: "OK", reason: nil, since: start)
            return reply
        } catch let error as RPCError {
            log(call.context, caller, ending: "\(error.code)", reason: error.reason, since: start)
            throw error
        }
    }

    private func log(
        _ context: CallContext, _ caller: SeenCaller, ending status: String, reason: String?, since start: ContinuousClock.Instant
    ) {
        logger.log(.info, "call") { line in
            if context.method.audit { line.add("audited", true) }
            if let principal = caller.principal { line.add("caller", principal.subject) }
            line.add("correlation_id", context.correlationID)
            line.add("duration_ms", milliseconds: (ContinuousClock.now - start).nanoseconds)
            if context.method.audit { line.add("ids", context.namedIDs.joined(separator: " ")) }
            line.add("method", context.method.name)
            if let reason { line.add("reason", reason) }
            if let principal = caller.principal { line.add("role", CallerRole(principal.role)?.rawValue ?? "") }
            line.add("status", status)
        }
    }
}

/// Lets the access log, which stands outside, know whom the authentication inside has recognised.
final class SeenCaller: ContextKey, Sendable {
    typealias Value = SeenCaller

    private let seen = Mutex<Principal?>(nil)

    var principal: Principal? {
        get { seen.withLock { $0 } }
        set { seen.withLock { $0 = newValue } }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

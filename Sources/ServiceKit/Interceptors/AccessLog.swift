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
        var line: Logger.Metadata = [
            "method": .string(context.method.name),
            "status": .string(status),
            "duration_ms": .stringConvertible((ContinuousClock.now - start).milliseconds),
            "correlation_id": .string(context.correlationID),
        ]
        if let reason { line["reason"] = .string(reason) }
        if let principal = caller.principal {
            line["caller"] = .string(principal.subject)
            line["role"] = .string(CallerRole(principal.role)?.rawValue ?? "")
        }
        if context.method.audit {
            line["audited"] = .stringConvertible(true)
            line["ids"] = .string(context.namedIDs.joined(separator: " "))
        }
        logger.info("call", metadata: line)
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
    /// Milliseconds with three decimals.
    fileprivate var milliseconds: Double {
        let (seconds, attoseconds) = components
        return (Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)) / 1_000
    }
}

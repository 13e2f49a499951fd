public import Logging
public import RPC

/// Writes one line for every call: what was called, by whom, how it ended and how long it took. Never what was said; but of a
/// call that the contract wants audited, which ids it named.
///
/// It stands around all other interceptors, so a refused call has its line too.
public struct AccessLog: ServerFilter {
    private let logger: Logger

    public init(logger: Logger) {
        self.logger = logger
    }

    public func enter(_ call: ServerCall) -> Bool { true }

    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        guard logger.logLevel <= .info else { return }
        switch outcome {
        case .success: log(call.context, ending: "OK", reason: nil)
        case .failure(let error as RPCError): log(call.context, ending: "\(error.code)", reason: error.reason)
        case .failure: break
        }
    }

    private func log(_ context: CallContext, ending status: String, reason: String?) {
        logger.log(.info, "call") { line in
            if context.method.audit { line.add("audited", true) }
            if let principal = context.principal { line.add("caller", principal.subject) }
            line.add("correlation_id", context.correlationID)
            line.add("duration_ms", milliseconds: context.age.nanoseconds)
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

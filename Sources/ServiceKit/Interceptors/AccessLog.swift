public import Logging
public import RPC

/// Writes one line for every call: what was called, by whom, how it ended and how long it took. Never what was said; but of a
/// call that the contract wants audited, which ids it named, and of one that is answered by a stream, how much was sent.
///
/// It stands around all other interceptors, so a refused call has its line too.
public final class AccessLog: ServerFilter {
    private let line: FrequentLine
    private let method: PreparedFields?

    public convenience init(logger: Logger) {
        self.init(line: FrequentLine(.info, "call", of: logger), method: nil)
    }

    private init(line: FrequentLine, method: PreparedFields?) {
        self.line = line
        self.method = method
    }

    /// Knows the field that names the method, for all its calls.
    public func prepared(for method: MethodDescriptor) -> any ServerFilter {
        AccessLog(line: line, method: AccessLog.field(naming: method))
    }

    public func enter(_ call: ServerCall) -> Bool { true }

    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        guard line.isWritten else { return }
        switch outcome {
        case .success: log(call, ending: "OK", reason: nil)
        case .failure(let error as RPCError): log(call, ending: "\(error.code)", reason: error.reason)
        case .failure: break
        }
    }

    private func log(_ call: ServerCall, ending status: String, reason: String?) {
        let (context, sent) = (call.context, call.sent)
        line.write { line in
            let isAudited = context.method.audit
            let caller = context.principal
            if isAudited { line.add("audited", true) }
            if let sent { line.add("bytes", sent.bytes) }
            if let caller { line.add("caller", caller.subject) }
            line.addText("correlation_id") { context.appendCorrelationID(to: &$0) }
            line.add("duration_ms", milliseconds: context.age)
            if isAudited { line.add("ids", context.namedIDs.joined(separator: " ")) }
            if let sent { line.add("messages", sent.messages) }
            line.add(method ?? AccessLog.field(naming: context.method))
            if let reason { line.add("reason", reason) }
            if let caller { line.add("role", CallerRole(caller.role)?.rawValue ?? "") }
            line.add("status", status)
        }
    }

    private static func field(naming method: MethodDescriptor) -> PreparedFields {
        PreparedFields { $0.add("method", method.name) }
    }
}

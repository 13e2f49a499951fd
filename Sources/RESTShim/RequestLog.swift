public import Logging
import NIOHTTP1
import RPC
import ServiceKit

/// One line of JSON for each request. Never holds the path, the query or a body: those may name a person.
public struct RequestLog: Sendable {
    private let answered: PlainLines?
    private let failed: PlainLines?
    /// Whether requests have their lines now.
    private let isWritten: @Sendable () -> Bool

    /// `write` takes whole lines.
    public init(isWritten: @escaping @Sendable () -> Bool = { true }, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.isWritten = isWritten
        answered = PlainLines(level: .info, service: "rest", message: "request", output: write)
        failed = PlainLines(level: .error, service: "rest", message: "request", output: write)
    }

    private init() {
        (answered, failed) = (nil, nil)
        isWritten = { false }
    }

    /// Writes nothing.
    public static let none = RequestLog()

    /// Writes to the process's standard error, where lines gather and a reader that stands still holds up nobody.
    ///
    /// - Parameter logger: its level says whether there are any: `info` or lower.
    public static func standardError(as logger: Logger) -> RequestLog {
        let output = LogOutput.standardError
        return RequestLog(isWritten: { logger.logLevel <= .info }) { output.write($0, from: "rest") }
    }

    func note(_ context: RequestContext, method: HTTPMethod?, status: HTTPResponseStatus) {
        guard isWritten(), let lines = RequestLog.isOurFault(status) ? failed : answered else { return }
        lines.write(at: context.beganAt) { line in
            line.add("method", method?.rawValue ?? "")
            line.add("route", context.pattern)
            line.add("status", Int(status.code))
            if let code = context.code { line.add("code", code) }
            line.add("duration_ms", milliseconds: context.age)
            line.add("correlation_id", context.correlationID)
            if let caller = context.caller {
                line.add("subject", caller.principal.subject)
                line.add("role", caller.roleName)
            }
        }
    }

    /// 505 counts among the server's errors, but tells of a client that speaks another HTTP.
    static func isOurFault(_ status: HTTPResponseStatus) -> Bool {
        status.code >= 500 && status != .httpVersionNotSupported
    }
}

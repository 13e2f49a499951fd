import NIOCore
import NIOHTTP1
import RPC
import ServiceKit
import Synchronization

/// One line of JSON for each request. Never holds the path, the query or a body: those may name a person.
///
/// Lines are gathered for a moment and written together, each write within what a pipe takes in one piece, so that lines
/// of several processes don't mix.
public final class RequestLog: Sendable {
    private let write: @Sendable ([UInt8]) -> Void
    private let isEnabled: Bool
    private let pending = Mutex<[UInt8]>([])

    /// Most bytes of one write; POSIX promises no more to a pipe.
    private static let writeLimit = 4096
    private static let pause = TimeAmount.milliseconds(50)

    /// `write` takes whole lines.
    public init(write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
        isEnabled = true
    }

    private init() {
        write = { _ in }
        isEnabled = false
    }

    /// Writes nothing.
    public static let none = RequestLog()

    func note(_ exchange: Exchange, method: HTTPMethod?, status: HTTPResponseStatus, on eventLoop: any EventLoop) {
        guard isEnabled else { return }
        let line = RequestLog.line(exchange, method: method, status: status)
        let isFirst = pending.withLock { pending in
            if pending.count + line.count > RequestLog.writeLimit { hand(over: &pending) }
            let isFirst = pending.isEmpty
            pending.append(contentsOf: line)
            return isFirst
        }
        if isFirst { eventLoop.scheduleTask(in: RequestLog.pause) { self.flush() } }
    }

    /// Writes what has gathered.
    public func flush() {
        pending.withLock { hand(over: &$0) }
    }

    private func hand(over pending: inout [UInt8]) {
        guard !pending.isEmpty else { return }
        write(pending)
        pending.removeAll(keepingCapacity: true)
    }

    private static func line(_ exchange: Exchange, method: HTTPMethod?, status: HTTPResponseStatus) -> [UInt8] {
        var text = JSONText()
        text.object { line in
            line.member("timestamp", CivilTime.rfc3339(millisecondsSinceEpoch: exchange.beganAt))
            line.member("level", isOurFault(status) ? "error" : "info")
            line.member("service", "rest")
            line.member("message", "request")
            line.member("method", method?.rawValue ?? "")
            line.member("route", exchange.pattern)
            line.member("status", Int(status.code))
            if let code = exchange.code { line.member("code", code) }
            line.member("duration_ms", milliseconds: exchange.age)
            line.member("correlation_id", exchange.correlationID)
            guard let principal = exchange.principal else { return }
            line.member("subject", principal.subject)
            line.member("role", CallerRole(principal.role)?.rawValue ?? "")
        }
        return text.bytes + [UInt8(ascii: "\n")]
    }
}

extension RequestLog {
    /// 505 counts among the server's errors, but tells of a client that speaks another HTTP.
    private static func isOurFault(_ status: HTTPResponseStatus) -> Bool {
        status.code >= 500 && status != .httpVersionNotSupported
    }

    /// Writes to the process's standard error, where a reader that stands still holds up nobody.
    public static func standardError() -> RequestLog {
        RequestLog { LogOutput.standardError.write($0, from: "rest") }
    }
}

public import FieldChecks

/// Why a call failed, in the form in which it crosses the wire.
public struct RPCError: Error, Hashable, Sendable {
    /// The kind of failure; never `ok`.
    public var code: StatusCode
    /// A stable name that programs act on: `PATIENT_NOT_FOUND`.
    public var reason: String
    /// A sentence for people, without personal data.
    public var message: String
    /// The fields at fault, all of them, where the request broke its contract.
    public var violations: [FieldViolation]
    /// How long the server asks the client to wait before trying again.
    public var retryAfter: Duration?

    public init(
        _ code: StatusCode, _ reason: String, _ message: String = "", violations: [FieldViolation] = [], retryAfter: Duration? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.violations = violations
        self.retryAfter = retryAfter
    }
}

extension RPCError: CustomStringConvertible {
    /// `unavailable UNAVAILABLE: the connection was refused`
    public var description: String {
        message.isEmpty ? "\(code) \(reason)" : "\(code) \(reason): \(message)"
    }
}

extension RPCError {
    /// The server can't be reached, or refuses work for now.
    public static func unavailable(_ message: String, retryAfter: Duration? = nil) -> RPCError {
        RPCError(.unavailable, "UNAVAILABLE", message, retryAfter: retryAfter)
    }

    /// The server sheds load: the call was not started.
    public static func overloaded(_ message: String, retryAfter: Duration) -> RPCError {
        RPCError(.unavailable, "OVERLOADED", message, retryAfter: retryAfter)
    }

    /// The deadline passed before the answer was there.
    public static let deadlineExceeded = RPCError(.deadlineExceeded, "DEADLINE_EXCEEDED", "the deadline passed")

    /// The caller gave the call up.
    public static let cancelled = RPCError(.cancelled, "CANCELLED", "the call was cancelled")

    /// The server doesn't serve this method.
    public static func unimplemented(_ method: String) -> RPCError {
        RPCError(.unimplemented, "UNIMPLEMENTED", "\(method) is not served here")
    }

    /// Something went wrong that the caller can't cause or mend; the whole story stands in the log only.
    public static let `internal` = RPCError(.internal, "INTERNAL", "an internal error occurred")

    /// What the request names isn't there. `PATIENT_NOT_FOUND` reads "There is no such patient."
    public static func notFound(_ reason: String) -> RPCError {
        let kind = reason.hasSuffix("_NOT_FOUND") ? reason.dropLast("_NOT_FOUND".count) : "RECORD"
        return RPCError(.notFound, reason, "There is no such \(kind.lowercased().split(separator: "_").joined(separator: " ")).")
    }

    /// The request can't be read, or breaks its contract in `violations`.
    public static func invalidArgument(_ message: String, violations: [FieldViolation] = []) -> RPCError {
        RPCError(.invalidArgument, "INVALID_ARGUMENT", message, violations: violations)
    }
}

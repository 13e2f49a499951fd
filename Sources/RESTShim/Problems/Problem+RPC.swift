import NIOHTTP1
import RPC

extension Problem {
    /// What a failed call means over HTTP. The one table of statuses.
    init(_ error: RPCError) {
        let status: HTTPResponseStatus =
            switch error.code {
            case .invalidArgument: .badRequest
            case .unauthenticated: .unauthorized
            case .permissionDenied: .forbidden
            case .notFound: .notFound
            case .alreadyExists, .failedPrecondition: .conflict
            case .aborted: .preconditionFailed
            case .outOfRange: .unprocessableEntity
            case .resourceExhausted: .tooManyRequests
            case .unavailable, .cancelled: .serviceUnavailable
            case .deadlineExceeded: .gatewayTimeout
            case .unimplemented: .notImplemented
            case .ok, .unknown, .internal, .dataLoss: .internalServerError
            }
        guard status != .internalServerError else {
            self = .internal
            return
        }
        self.init(status, error.reason, error.message)
        violations = error.violations
        retryAfter = Problem.retryAfter(status, error)
        if status == .unauthorized { challenge = Problem.unauthenticated(tokenSent: true).challenge }
    }

    /// A client that is told to come later is told when, a second where the service didn't say.
    private static func retryAfter(_ status: HTTPResponseStatus, _ error: RPCError) -> Duration? {
        let isForLater = status == .serviceUnavailable || status == .tooManyRequests || error.reason == "IDEMPOTENCY_IN_PROGRESS"
        return error.retryAfter ?? (isForLater ? .seconds(1) : nil)
    }
}

import FieldChecks
import NIOHTTP1
import RPC
import Routes

extension Problem {
    /// What a failed call means over HTTP. The one table of statuses.
    ///
    /// A limit that a request will always break is no "come back later": 413, 431 or, where nobody told what it is, 500.
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
            case .resourceExhausted: Problem.status(ofExhausted: error)
            case .unavailable, .cancelled: .serviceUnavailable
            case .deadlineExceeded: .gatewayTimeout
            case .unimplemented: .notImplemented
            case .ok, .unknown, .internal, .dataLoss: .internalServerError
            }
        guard status != .internalServerError else {
            self = .internal
            callCode = error.code
            return
        }
        self.init(status, Problem.code(status, error), status == .serviceUnavailable ? Problem.detail(ofUnavailable: error) : error.message)
        callCode = error.code
        violations = error.violations
        retryAfter = Problem.retryAfter(status, error)
        if status == .unauthorized { challenge = Problem.unauthenticated(tokenSent: true).challenge }
    }

    private static func status(ofExhausted error: RPCError) -> HTTPResponseStatus {
        switch error.reason {
        case "MESSAGE_TOO_LARGE": .payloadTooLarge
        case "METADATA_TOO_LARGE": .requestHeaderFieldsTooLarge
        default: error.retryAfter == nil ? .internalServerError : .serviceUnavailable
        }
    }

    /// The stable name. What belongs to the runtime, and not to a service, goes by the names of HTTP's own refusals.
    private static func code(_ status: HTTPResponseStatus, _ error: RPCError) -> String {
        switch status {
        case .payloadTooLarge: "BODY_TOO_LARGE"
        case .requestHeaderFieldsTooLarge: "HEADER_TOO_LARGE"
        case .notImplemented: "UNIMPLEMENTED"
        case .serviceUnavailable where error.code == .cancelled || error.reason == storageFull: "UNAVAILABLE"
        case .serviceUnavailable where error.code == .resourceExhausted: "OVERLOADED"
        default: error.reason
        }
    }

    /// What the runtime says of a lost connection names addresses: that is for the log.
    private static func detail(ofUnavailable error: RPCError) -> String {
        error.reason == storageFull
            ? "The disk is full: nothing can be stored until there is room. What is there can be read."
            : "The service behind this can't be reached, or takes no more work for now."
    }

    /// Why a service that has no room is unavailable.
    private static let storageFull = "STORAGE_FULL"

    /// Names each field as the route's callers know it: a body that is one field of the request is all that they see.
    func withFields(namedAsIn route: Route) -> Problem {
        guard !violations.isEmpty else { return self }
        var problem = self
        problem.violations = violations.map { FieldViolation(field: route.publicName(ofField: $0.field), message: $0.message) }
        return problem
    }

    /// A client that is told to come later is told when, a second where the service didn't say.
    private static func retryAfter(_ status: HTTPResponseStatus, _ error: RPCError) -> Duration? {
        let isForLater = status == .serviceUnavailable || error.reason == "IDEMPOTENCY_IN_PROGRESS"
        return error.retryAfter ?? (isForLater ? .seconds(1) : nil)
    }
}

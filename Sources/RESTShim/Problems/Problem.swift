import FieldChecks
import NIOCore
import NIOHTTP1
import RPC

/// An error as a client sees it (RFC 9457). Names no person and nothing of the inside.
struct Problem: Error, Equatable {
    let status: HTTPResponseStatus
    /// A stable name that programs act on: `PATIENT_NOT_FOUND`.
    let code: String
    /// A sentence for people.
    let detail: String
    /// As what a failed call ended.
    var callCode: StatusCode?
    var violations: [FieldViolation] = []
    var retryAfter: Duration?
    /// The methods that the path knows, for 405.
    var allow: String?
    /// What a client has to bring, for 401.
    var challenge: String?

    init(_ status: HTTPResponseStatus, _ code: String, _ detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }
}

extension Problem {
    static let routeNotFound = Problem(.notFound, "ROUTE_NOT_FOUND", "Nothing stands at this path.")

    static func methodNotAllowed(allow: String) -> Problem {
        var problem = Problem(.methodNotAllowed, "METHOD_NOT_ALLOWED", "This path knows \(allow) only.")
        problem.allow = allow
        return problem
    }

    static let unsupportedMediaType = Problem(
        .unsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The body has to be application/json in UTF-8, without a content coding.")

    static func invalid(_ detail: String, violations: [FieldViolation] = []) -> Problem {
        var problem = Problem(.badRequest, "INVALID_ARGUMENT", detail)
        problem.violations = violations
        return problem
    }

    static func invalid(field: String, _ message: String) -> Problem {
        .invalid("\(field) \(message)", violations: [FieldViolation(field: field, message: message)])
    }

    static let versionMismatch = Problem(.preconditionFailed, "VERSION_MISMATCH", "The resource has another version by now.")

    /// - Parameter tokenSent: RFC 6750, 3.1: a request without a token learns nothing but that one is needed.
    static func unauthenticated(tokenSent: Bool) -> Problem {
        let detail = tokenSent ? "The token isn't valid here, or not any more." : "A bearer token is needed."
        var problem = Problem(.unauthorized, "UNAUTHENTICATED", detail)
        problem.challenge = tokenSent ? #"Bearer realm="hms", error="invalid_token""# : #"Bearer realm="hms""#
        return problem
    }

    static let permissionDenied = Problem(.forbidden, "PERMISSION_DENIED", "The caller's role may not do this.")

    static func unavailable(service: String) -> Problem {
        var problem = Problem(.serviceUnavailable, "UNAVAILABLE", "The \(service) service can't be reached.")
        problem.retryAfter = .seconds(1)
        return problem
    }

    /// Somebody asks more often than he may.
    ///
    /// - Parameter wait: how long it takes until he may again.
    static func rateLimited(for wait: TimeAmount) -> Problem {
        var problem = Problem(.tooManyRequests, "RATE_LIMITED", "That is more requests than may come from here in so short a time.")
        problem.retryAfter = .nanoseconds(wait.nanoseconds)
        return problem
    }

    /// Others have all the room that there is.
    static let overloaded: Problem = {
        var problem = Problem(.serviceUnavailable, "OVERLOADED", "There is no room for this request now.")
        problem.retryAfter = .seconds(1)
        return problem
    }()

    static let `internal` = Problem(
        .internalServerError, "INTERNAL", "Something went wrong here. The log knows more under the correlation id.")
}

extension Problem {
    init(_ refusal: HTTPRefusal) {
        self =
            switch refusal {
            case .malformed(let detail): Problem(.badRequest, "MALFORMED_REQUEST", detail)
            case .invalidHost: Problem(.badRequest, "MALFORMED_REQUEST", "Host names no host.")
            case .unknownMethod: Problem(.notImplemented, "UNKNOWN_METHOD", "No path knows this method.")
            case .crowded: .overloaded
            case .missingHost: Problem(.badRequest, "MALFORMED_REQUEST", "A request of HTTP/1.1 names its Host.")
            case .bodyTooLarge(let limit): Problem(.payloadTooLarge, "BODY_TOO_LARGE", "A body has at most \(limit) bytes.")
            case .targetTooLong(let limit): Problem(.uriTooLong, "TARGET_TOO_LONG", "Path and query have at most \(limit) bytes.")
            case .headerTooLarge: Problem(.requestHeaderFieldsTooLarge, "HEADER_TOO_LARGE", "The header is too large.")
            case .unsupportedTransferCoding: Problem(.notImplemented, "UNSUPPORTED_TRANSFER_CODING", "Bodies are sent plain or chunked.")
            case .unmetExpectation: Problem(.expectationFailed, "UNMET_EXPECTATION", "Only 100-continue can be expected.")
            case .unsupportedVersion: Problem(.httpVersionNotSupported, "UNSUPPORTED_VERSION", "This is a server of HTTP/1.1 and HTTP/2.")
            case .tooSlow: Problem(.requestTimeout, "REQUEST_TIMEOUT", "The request took too long to arrive.")
            }
    }
}

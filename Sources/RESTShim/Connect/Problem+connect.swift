import GRPC
import NIOCore
import NIOHTTP1
import ProtobufJSON
import RPC

extension Problem {
    static let unsupportedCallType = Problem(
        .unsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "A call is application/json or application/proto.")

    /// The error as Connect writes it.
    func connectResponse() -> HTTPResponse {
        let error = RPCError(self)
        let status = status == .unsupportedMediaType ? status : error.code.connectStatus
        var response = HTTPResponse(status: status, contentType: "application/json")
        response.set("WWW-Authenticate", challenge)
        response.set("Retry-After", retryAfterSeconds)
        response.set("Cache-Control", "no-store")
        response.body = .bytes(
            JSONWriter.document { object in
                object.member("code", error.code.connectName)
                object.member("message", error.message.isEmpty ? error.reason : error.message)
                object.array("details", error.errorDetails) { detail, element in
                    element.member("type", detail.type)
                    element.member("value", UnpaddedBase64.encode(detail.value.readableBytesView))
                }
            })
        return response
    }
}

extension RPCError {
    /// A refusal of the public door as a call ends with it.
    init(_ problem: Problem) {
        let code: StatusCode =
            switch problem.status {
            case .badRequest, .unsupportedMediaType: .invalidArgument
            case .unauthorized: .unauthenticated
            case .forbidden: .permissionDenied
            case .notFound: .notFound
            case .tooManyRequests, .payloadTooLarge, .requestHeaderFieldsTooLarge, .uriTooLong: .resourceExhausted
            case .serviceUnavailable: .unavailable
            case .requestTimeout, .gatewayTimeout: .deadlineExceeded
            case .notImplemented: .unimplemented
            default: .internal
            }
        self.init(
            problem.callCode ?? code, problem.code, problem.detail, violations: problem.violations, retryAfter: problem.retryAfter)
    }
}

extension StatusCode {
    fileprivate var connectName: String {
        switch self {
        case .ok, .unknown: "unknown"
        // As Connect spells it.
        case .cancelled: "cance" + "led"
        case .invalidArgument: "invalid_argument"
        case .deadlineExceeded: "deadline_exceeded"
        case .notFound: "not_found"
        case .alreadyExists: "already_exists"
        case .permissionDenied: "permission_denied"
        case .resourceExhausted: "resource_exhausted"
        case .failedPrecondition: "failed_precondition"
        case .aborted: "aborted"
        case .outOfRange: "out_of_range"
        case .unimplemented: "unimplemented"
        case .internal: "internal"
        case .unavailable: "unavailable"
        case .dataLoss: "data_loss"
        case .unauthenticated: "unauthenticated"
        }
    }

    /// Connect's own table; it isn't that of the public API.
    fileprivate var connectStatus: HTTPResponseStatus {
        switch self {
        case .cancelled: .custom(code: 499, reasonPhrase: "Client Closed Request")
        case .invalidArgument, .failedPrecondition, .outOfRange: .badRequest
        case .unauthenticated: .unauthorized
        case .permissionDenied: .forbidden
        case .notFound: .notFound
        case .alreadyExists, .aborted: .conflict
        case .resourceExhausted: .tooManyRequests
        case .unimplemented: .notImplemented
        case .unavailable: .serviceUnavailable
        case .deadlineExceeded: .gatewayTimeout
        case .ok, .unknown, .internal, .dataLoss: .internalServerError
        }
    }
}

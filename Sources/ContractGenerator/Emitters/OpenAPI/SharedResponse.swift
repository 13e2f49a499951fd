/// What is answered under one status, whatever was called. Each stands once in the document.
struct SharedResponse {
    let status: Int
    let name: String
    private let title: String
    /// The codes that any operation with this status may answer.
    let codes: [String]
    private let headers: [String]
    private let example: (code: String, detail: String)

    static func of(_ status: Int) -> SharedResponse? {
        all.first { $0.status == status }
    }

    /// - Parameter ownCodes: those of one operation, before the general ones.
    func description(naming ownCodes: [String]) -> String {
        let codes = ownCodes + codes
        return "\(title)\(codes.isEmpty ? "" : ": " + codes.map { "`\($0)`" }.joined(separator: ", "))."
    }

    var tree: JSONTree {
        [
            "description": .text(description(naming: [])),
            "headers": .references("headers", ["X-Correlation-ID", "traceparent"] + headers),
            "content": ["application/problem+json": ["schema": .reference("schemas", "Problem"), "example": exampleProblem]],
            "x-hms-errors": .texts(codes.map { ErrorCode(status, $0).text }),
        ]
    }

    private var exampleProblem: JSONTree {
        let words = example.code.lowercased().split(separator: "_").joined(separator: " ")
        let violation: JSONTree = ["field": "slot_start", "message": "is required"]
        return [
            "type": .text("urn:hms:problem:\(example.code)"), "title": .text(words.prefix(1).uppercased() + words.dropFirst()),
            "status": .integer(status), "detail": .text(example.detail), "code": .text(example.code),
            "correlation_id": "4bf92f3577b34da6a3ce929d0e0e4736", "violations": status == 400 ? [violation] : [],
        ]
    }

    private init(
        _ status: Int, _ name: String, _ title: String, _ codes: [String] = [], headers: [String] = [],
        example: (code: String, detail: String)
    ) {
        self.status = status
        self.name = name
        self.title = title
        self.codes = codes
        self.headers = headers
        self.example = example
    }

    static let all: [SharedResponse] = [
        SharedResponse(
            400, "BadRequest", "The request is wrong", ["INVALID_ARGUMENT", "MALFORMED_REQUEST"],
            example: ("INVALID_ARGUMENT", "The request isn't what this path takes.")),
        SharedResponse(
            401, "Unauthenticated", "No valid token", ["UNAUTHENTICATED"], headers: ["WWW-Authenticate"],
            example: ("UNAUTHENTICATED", "A bearer token is needed.")),
        SharedResponse(
            403, "Forbidden", "Not for this caller", ["PERMISSION_DENIED"],
            example: ("PERMISSION_DENIED", "The caller's role may not do this.")),
        SharedResponse(404, "NotFound", "There is no such record", example: ("PATIENT_NOT_FOUND", "There is no such patient.")),
        SharedResponse(
            408, "RequestTimeout", "The request came too slowly", ["REQUEST_TIMEOUT"],
            example: ("REQUEST_TIMEOUT", "The request took too long to arrive.")),
        SharedResponse(
            409, "Conflict", "Something that exists stands against it", headers: ["Retry-After"],
            example: ("INVALID_STATE", "The appointment is cancelled.")),
        SharedResponse(
            412, "PreconditionFailed", "Changed meanwhile", example: ("VERSION_MISMATCH", "The resource has another version by now.")),
        SharedResponse(
            413, "BodyTooLarge", "The body is larger than 1 MiB", ["BODY_TOO_LARGE"],
            example: ("BODY_TOO_LARGE", "A body has at most 1048576 bytes.")),
        SharedResponse(
            414, "TargetTooLong", "Path and query are longer than 8 KiB", ["TARGET_TOO_LONG"],
            example: ("TARGET_TOO_LONG", "Path and query have at most 8192 bytes.")),
        SharedResponse(
            415, "UnsupportedMediaType", "The body is not JSON in UTF-8", ["UNSUPPORTED_MEDIA_TYPE"],
            example: ("UNSUPPORTED_MEDIA_TYPE", "The body has to be application/json in UTF-8, without a content coding.")),
        SharedResponse(422, "RuleBroken", "A rule says no", example: ("LEAD_TIME_TOO_SHORT", "A slot is booked at least two hours ahead.")),
        SharedResponse(
            429, "TooManyRequests", "More than may come from here in so short a time", ["RATE_LIMITED"], headers: ["Retry-After"],
            example: ("RATE_LIMITED", "That is more requests than may come from here in so short a time.")),
        SharedResponse(
            431, "HeaderTooLarge", "The header is larger than 32 KiB, or one field than 8 KiB", ["HEADER_TOO_LARGE"],
            example: ("HEADER_TOO_LARGE", "The header is too large.")),
        SharedResponse(
            500, "InternalError", "Our fault; the log knows more", ["INTERNAL"],
            example: ("INTERNAL", "Something went wrong here. The log knows more under the correlation id.")),
        SharedResponse(
            501, "NotImplemented", "Not done here", ["UNIMPLEMENTED", "UNSUPPORTED_TRANSFER_CODING"],
            example: ("UNSUPPORTED_TRANSFER_CODING", "Bodies are sent plain or chunked.")),
        SharedResponse(
            503, "Unavailable", "Not available now", ["UNAVAILABLE", "OVERLOADED"], headers: ["Retry-After"],
            example: ("UNAVAILABLE", "The service behind this can't be reached, or takes no more work for now.")),
        SharedResponse(
            504, "DeadlineExceeded", "Not done within the caller's time", ["DEADLINE_EXCEEDED"],
            example: ("DEADLINE_EXCEEDED", "The deadline has passed.")),
    ]
}

/// The errors that a route can answer, with their codes.
struct OpenAPIErrors {
    private let route: RouteModel

    init(_ route: RouteModel) {
        self.route = route
    }

    /// By ascending status. Those that mean the same everywhere are references.
    var responses: [(key: String, value: JSONTree)] {
        let shared = sharedStatuses.map { (key: String($0), value: JSONTree.reference("responses", Self.name(of: $0))) }
        let own = codes.map { (key: String($0.key), value: Self.response($0.key, $0.value)) }
        return (shared + own).sorted { $0.key < $1.key }
    }

    private var sharedStatuses: [Int] {
        let isPublic = route.method.rule.roles.contains(.anyone)
        return (isPublic ? [] : [401, 403]) + (route.body == .none ? [] : [413, 415]) + [429, 500, 503, 504]
    }

    /// The codes that are this route's own, by status.
    private var codes: [Int: [String]] {
        var codes: [Int: [String]] = [400: ["INVALID_ARGUMENT"]]
        if route.method.rule.idempotency == .keyRequired { codes[400, default: []].append("IDEMPOTENCY_KEY_REQUIRED") }
        for field in route.input.fields where field.rule.idPrefix != nil { codes[404, default: []].append(field.notFoundCode) }
        if route.ifMatch != nil { codes[412, default: []].append("VERSION_MISMATCH") }
        if route.takesKey {
            codes[409, default: []].append("IDEMPOTENCY_IN_PROGRESS")
            codes[422, default: []].append("IDEMPOTENCY_KEY_REUSED")
        }
        for error in route.method.rule.errors {
            let parts = error.split(separator: " ")
            guard parts.count == 2, let status = Int(parts[0]) else { continue }
            codes[status, default: []].insert(String(parts[1]), at: 0)
        }
        return codes
    }

    // MARK: Responses

    private static func response(_ status: Int, _ codes: [String]) -> JSONTree {
        let description = "\(title(of: status)): \(codes.map { "`\($0)`" }.joined(separator: ", "))."
        var headers = ["X-Correlation-ID"]
        if status == 429 || status == 503 || codes.contains("IDEMPOTENCY_IN_PROGRESS") { headers.append("Retry-After") }
        if status == 401 { headers.append("WWW-Authenticate") }
        return [
            "description": .text(description),
            "headers": .object(headers.map { (key: $0, value: .reference("headers", $0)) }),
            "content": ["application/problem+json": ["schema": problem(status, codes)]],
        ]
    }

    private static func problem(_ status: Int, _ codes: [String]) -> JSONTree {
        [
            "allOf": [.reference("schemas", "Problem")],
            "properties": ["status": ["const": .integer(status)], "code": ["enum": .texts(codes)]],
        ]
    }

    /// What every route can answer, each once.
    static var sharedResponses: [(key: String, value: JSONTree)] {
        shared.map { (key: name(of: $0.status), value: response($0.status, $0.codes)) }
    }

    private static let shared: [(status: Int, codes: [String])] = [
        (401, ["UNAUTHENTICATED"]), (403, ["PERMISSION_DENIED"]), (413, ["BODY_TOO_LARGE"]), (415, ["UNSUPPORTED_MEDIA_TYPE"]),
        (429, ["RATE_LIMITED"]), (500, ["INTERNAL"]), (503, ["UNAVAILABLE", "OVERLOADED"]), (504, ["DEADLINE_EXCEEDED"]),
    ]

    private static func name(of status: Int) -> String {
        title(of: status).split(separator: " ").map(\.capitalizedWord).joined()
    }

    private static func title(of status: Int) -> String {
        switch status {
        case 400: "The request is wrong"
        case 401: "No valid token"
        case 403: "Not for this role"
        case 404: "There is no such record"
        case 409: "Not in this state"
        case 412: "Changed meanwhile"
        case 413: "The body is too large"
        case 415: "The body is not JSON"
        case 422: "A rule says no"
        case 429: "Too many requests"
        case 503: "Not available now"
        case 504: "Out of time"
        default: "Our fault"
        }
    }

    // MARK: Problem

    static let problemSchema: JSONTree = [
        "type": "object",
        "description": "What went wrong (RFC 9457). Never holds personal data.",
        "required": ["type", "title", "status", "detail", "code", "correlation_id"],
        "properties": [
            "type": ["type": "string", "format": "uri"],
            "title": ["type": "string"],
            "status": ["type": "integer", "minimum": 400, "maximum": 599],
            "detail": ["type": "string", "description": "A sentence for people."],
            "code": ["type": "string", "description": "A stable name that programs act on.", "pattern": "^[A-Z][A-Z0-9_]*$"],
            "correlation_id": ["type": "string", "description": "Names the request in the logs of every service it reached."],
            "violations": [
                "type": "array",
                "description": "The fields that are wrong, all of them.",
                "items": [
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": [
                        "field": ["type": "string"],
                        "message": ["type": "string", "description": "The rest of a sentence that begins with the field."],
                    ],
                ],
            ],
        ],
    ]
}

extension Substring {
    fileprivate var capitalizedWord: String {
        prefix(1).uppercased() + dropFirst()
    }
}

/// The headers that requests and answers carry.
enum OpenAPIHeaders {
    /// The header parameters of a route, by the names of their components.
    static func names(for route: RouteModel) -> [String] {
        var names: [String] = []
        if route.takesKey { names.append(route.method.rule.idempotency == .keyRequired ? "RequiredIdempotencyKey" : "IdempotencyKey") }
        if route.ifMatch != nil { names.append("IfMatch") }
        if route.isConditionalRead { names.append("IfNoneMatch") }
        return names + ["CorrelationID", "TimeoutMs"]
    }

    static let parameters: JSONTree = [
        "IdempotencyKey": header(
            "Idempotency-Key", "Makes the call safe to repeat: the same key with the same request is answered as the first time.",
            idempotencyKey),
        "RequiredIdempotencyKey": header(
            "Idempotency-Key", "Names this act: the same key with the same request is answered as the first time.", idempotencyKey,
            required: true),
        "IfMatch": header(
            "If-Match", "The `ETag` that the caller has read. Where it is another by now, nothing changes: 412.",
            ["type": "string", "examples": [#""3""#]]),
        "IfNoneMatch": header(
            "If-None-Match", "The `ETag` that the caller has. Where it is still that, the answer is an empty 304.",
            ["type": "string", "examples": [#""3""#]]),
        "CorrelationID": header(
            "X-Correlation-ID", "Names the request in every log; made where it is not given.", correlationID),
        "TimeoutMs": header(
            "X-Timeout-Ms", "How long the caller waits, in milliseconds.",
            ["type": "integer", "minimum": 1, "maximum": 60_000, "default": 10_000]),
    ]

    static let headers: JSONTree = [
        "ETag": ["description": "The version of the resource.", "schema": ["type": "string", "examples": [#""3""#]]],
        "Location": ["description": "The path of what was created.", "schema": ["type": "string", "format": "uri-reference"]],
        "X-Correlation-ID": ["description": "As sent, or as made for this request.", "schema": correlationID],
        "Idempotent-Replayed": [
            "description": "`true` where this is the answer of an earlier call with the same key.",
            "schema": ["type": "string", "const": "true"],
        ],
        "Retry-After": ["description": "Seconds to wait before trying again.", "schema": ["type": "integer", "minimum": 1]],
        "WWW-Authenticate": ["description": "What is wanted: a bearer token.", "schema": ["type": "string"]],
    ]

    private static let idempotencyKey: JSONTree = ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"]
    private static let correlationID: JSONTree = ["type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._-]+$"]

    private static func header(_ name: String, _ description: String, _ schema: JSONTree, required: Bool = false) -> JSONTree {
        (["name": .text(name), "in": "header", "description": .text(description)] as JSONTree).adding([
            "required": required ? true : nil, "schema": schema,
        ])
    }
}

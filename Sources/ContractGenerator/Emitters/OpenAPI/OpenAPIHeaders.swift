/// The headers that requests and answers carry.
enum OpenAPIHeaders {
    /// The header parameters of a route, by the names of their components.
    static func names(for route: RouteModel) -> [String] {
        var names: [String] = []
        if route.takesKey { names.append(route.method.rule.idempotency == .keyRequired ? "RequiredIdempotencyKey" : "IdempotencyKey") }
        if route.ifMatch != nil { names.append("IfMatch") }
        if route.isConditionalRead { names += ["IfNoneMatch", "IfMatchOnRead"] }
        if route.method.rule.treatment { names.append("AccessReason") }
        return names + ["CorrelationID", "Traceparent", "TimeoutMs"]
    }

    static let parameters: JSONTree = [
        "IdempotencyKey": header(
            "Idempotency-Key", "Makes the call safe to repeat: the same key with the same request is answered as the first time.",
            idempotencyKey, example: "3f0c8f0e-6a5b-4b7e-9d5a-1f2e3d4c5b6a"),
        "RequiredIdempotencyKey": header(
            "Idempotency-Key", "Names this act: the same key with the same request is answered as the first time.", idempotencyKey,
            example: "3f0c8f0e-6a5b-4b7e-9d5a-1f2e3d4c5b6a", required: true),
        "IfMatch": header(
            "If-Match", "The `ETag` that the caller has read. Where it is another by now, nothing changes: 412.", text,
            example: #""3""#),
        "IfMatchOnRead": header(
            "If-Match", "The `ETag` that the caller has. Where it is another by now, the answer is 412.", text, example: #""3""#),
        "IfNoneMatch": header(
            "If-None-Match", "The `ETag` that the caller has. Where it is still that, the answer is an empty 304.", text,
            example: #""3""#),
        "AccessReason": header(
            "X-Access-Reason",
            """
            Why a doctor reads somebody whom he does not treat: one line of 1 to 500 characters, in UTF-8. A client whose headers hold \
            less writes it as RFC 8187 does: `UTF-8''Bewu%C3%9Ftlos`. It is kept in the audit.
            """, text, example: "Brought in unconscious"),
        "CorrelationID": header(
            "X-Correlation-ID", "Names the request in every log; made where it is not given.", correlationID, example: "desk-2.17"),
        "Traceparent": header(
            "traceparent", "The caller's trace (W3C Trace Context), which goes on through every service; made where it is not given.",
            traceparent, example: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        "TimeoutMs": header(
            "X-Timeout-Ms", "How long the caller waits, in milliseconds.",
            ["type": "integer", "minimum": 1, "maximum": 60_000, "default": 10_000], example: 5_000),
    ]

    static let headers: JSONTree = [
        "ETag": always("The version of the resource, in quotes.", text),
        "Location": always("The path of what was created, or of what was asked for.", ["type": "string", "format": "uri-reference"]),
        "X-Correlation-ID": always("As sent, or as made for this request.", correlationID),
        "traceparent": always("The trace that the request is part of.", traceparent),
        "Idempotent-Replayed": sometimes(
            "`true` where this is the answer of an earlier call with the same key; else it is left out.",
            ["type": "string", "const": "true"]),
        "Retry-After": sometimes(
            "Seconds to wait before trying again, where that may help.", ["type": "integer", "minimum": 1]),
        "WWW-Authenticate": always("What is wanted: a bearer token.", text),
    ]

    private static func always(_ description: String, _ schema: JSONTree) -> JSONTree {
        sometimes(description, schema).adding(["required": true])
    }

    private static func sometimes(_ description: String, _ schema: JSONTree) -> JSONTree {
        ["description": .text(description), "schema": schema]
    }

    private static let text: JSONTree = ["type": "string"]
    private static let idempotencyKey: JSONTree = ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"]
    private static let correlationID: JSONTree = ["type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._-]+$"]
    private static let traceparent: JSONTree = ["type": "string", "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"]

    private static func header(
        _ name: String, _ description: String, _ schema: JSONTree, example: JSONTree, required: Bool = false
    ) -> JSONTree {
        (["name": .text(name), "in": "header", "description": .text(description)] as JSONTree).adding([
            "required": required ? true : nil, "schema": schema, "example": example,
        ])
    }
}

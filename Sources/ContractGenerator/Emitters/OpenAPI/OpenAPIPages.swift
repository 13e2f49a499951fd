/// What is read without a token and belongs to no contract: health, and the API's own description.
enum OpenAPIPages {
    static let tag: JSONTree = ["name": "Server", "description": "Whether the hospital is up, and what it can do."]

    static let schemas: [JSONTree.Member] = [
        .init(key: "APIDescription", value: ["type": "object", "description": "An OpenAPI 3.1 document."]),
        .init(key: "Liveness", value: liveness), .init(key: "Readiness", value: readiness),
    ]

    static let paths: [JSONTree.Member] = [
        page(
            "/", "root", "Leads to the page that shows this API",
            ["302": ["description": "It is at `/docs`.", "headers": allHeaders(["Location"])]]),
        page("/livez", "livez", "Says that this process runs", ["200": json("It runs.", "Liveness")]),
        page(
            "/readyz", "readyz", "Says whether every service can do its work",
            [
                "200": json("They can.", "Readiness"),
                "503": json("One of them can't, or can't be reached.", "Readiness", headers: ["Retry-After"]),
            ]),
        page(
            "/openapi.json", "openapi", "Describes this API: the OpenAPI document that you read",
            [
                "200": answer(
                    "The document.", ["application/json": ["schema": .reference("schemas", "APIDescription")]], headers: ["ETag"]),
                "304": .reference("responses", "NotModified"),
            ],
            parameters: [.reference("parameters", "IfNoneMatch")]),
        page(
            "/docs", "docs", "Shows a page to read and try this API",
            ["200": answer("The page.", ["text/html; charset=utf-8": ["schema": ["type": "string"]]])]),
    ]

    // MARK: Schemas

    private static let liveness: JSONTree = [
        "type": "object", "description": "That this process runs.", "required": ["status"],
        "properties": ["status": ["type": "string", "const": "live", "description": "Always the same."]],
        "examples": [["status": "live"]],
    ]

    private static let readiness: JSONTree = [
        "type": "object", "description": "Whether the hospital can do its work.", "required": ["status", "services"],
        "properties": [
            "status": ["type": "string", "enum": ["ready", "not ready"], "description": "`ready` where every service can do its work."],
            "services": [
                "type": "object", "description": "The state of each service: `SERVING`, or what is wrong with it.",
                "additionalProperties": ["type": "string"],
            ],
        ],
        "examples": [["status": "ready", "services": ["patient": "SERVING", "doctor": "SERVING"]]],
    ]

    // MARK: Operations

    private static func page(
        _ path: String, _ name: String, _ summary: String, _ responses: JSONTree, parameters: [JSONTree] = []
    ) -> JSONTree.Member {
        let operation: JSONTree = [
            "operationId": .text(name), "tags": ["Server"], "summary": .text(summary),
            "description": .text("\(summary).\n\nNeeds no token."), "security": [], "parameters": .array(parameters),
            "responses": responses,
        ]
        return JSONTree.Member(key: path, value: ["get": operation])
    }

    private static func json(_ description: String, _ schema: String, headers: [String] = []) -> JSONTree {
        answer(description, ["application/json": ["schema": .reference("schemas", schema)]], headers: headers)
    }

    private static func answer(_ description: String, _ content: JSONTree, headers: [String] = []) -> JSONTree {
        [
            "description": .text(description), "headers": allHeaders(headers),
            "content": content,
        ]
    }

    private static func allHeaders(_ names: [String]) -> JSONTree {
        .references("headers", ["X-Correlation-ID", "traceparent"] + names)
    }
}

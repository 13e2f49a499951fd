/// What holds for the whole API.
enum OpenAPITexts {
    static let introduction = """
        The public API of the hospital: JSON over HTTP.

        **Values.** Names are snake_case, enums go by name, times are RFC 3339 and answered in UTC (a time sent without an \
        offset is refused), dates are `YYYY-MM-DD`, money is in minor units of the clinic's currency, and 64-bit integers are \
        JSON numbers (a string that holds one is read as well). Fields at their default value are present, and what is absent is \
        `null`: answers never leave a field out, save the members of a choice that were not chosen.

        **Bodies** are `application/json` in UTF-8 and at most 1 MiB. Unknown keys, keys given twice and unknown query parameters are \
        refused.

        **Lists** give at most `page_size` records. `next_page_token`, sent as `page_token` with the same filters, brings the next \
        page; it is empty after the last one.

        **Changes.** PATCH changes the fields that its body names; `null` clears an optional one. `ETag` is the version of a \
        resource, `If-Match` refuses a change of another version, `If-None-Match` spares an unchanged answer.

        **Errors** are problems (RFC 9457) with a stable `code` to act on and all wrong fields under `violations`.
        """

    static let securitySchemes: JSONTree = [
        "bearer": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description":
                "A JSON Web Token (EdDSA, ES256 or RS256) with the claims `iss`, `aud`, `exp`, `sub` and `role`: reception, doctor, billing or admin. A doctor's `sub` is his `doctor_id`.",
        ]
    ]
}

/// The pages that say whether the hospital is up. They belong to no contract.
enum OpenAPIHealth {
    static let tag: JSONTree = ["name": "Health", "description": "Whether the hospital is up."]

    static let paths: [(key: String, value: JSONTree)] = [
        (
            key: "/livez",
            value: ["get": page("livez", "Says that this process runs", ["200": ["description": "It runs."]])]
        ),
        (
            key: "/readyz",
            value: [
                "get": page(
                    "readyz", "Says whether every service can do its work",
                    ["200": ["description": "They can."], "503": ["description": "One of them can't, or can't be reached."]])
            ]
        ),
    ]

    private static func page(_ name: String, _ summary: String, _ responses: JSONTree) -> JSONTree {
        [
            "operationId": .text(name), "tags": ["Health"], "summary": .text(summary), "description": "Needs no token.", "security": [],
            "responses": responses,
        ]
    }
}

/// What holds for the whole API.
enum OpenAPITexts {
    static let title = "Hospital Management System"

    /// Of the API, and of the program that serves it.
    static let version = "1.0.0"

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

        **Reading.** Whatever answers GET answers HEAD, and OPTIONS tells which methods a path knows. A large answer is compressed for a \
        caller who accepts gzip.

        **Changes.** PATCH changes the fields that its body names; `null` clears an optional one. `ETag` is the version of a \
        resource, `If-Match` refuses a change of another version, `If-None-Match` spares an unchanged answer.

        **Errors** are problems (RFC 9457) with a stable `code` to act on and all wrong fields under `violations`. Each operation names \
        its own in the order in which they are checked: the first rule that is broken is the answer. What is no operation of this \
        document is answered \(elsewhere.map { "\($0.status) `\($0.code)`" }.joined(separator: ", ")).
        """

    /// The errors of requests that no operation describes.
    static let elsewhere = [
        ErrorCode(404, "ROUTE_NOT_FOUND"), ErrorCode(405, "METHOD_NOT_ALLOWED"), ErrorCode(417, "UNMET_EXPECTATION"),
        ErrorCode(501, "UNKNOWN_METHOD"), ErrorCode(505, "UNSUPPORTED_VERSION"),
    ]

    static let securitySchemes: JSONTree = [
        "bearer": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description":
                "A JSON Web Token (EdDSA, ES256 or RS256) with the claims `iss`, `aud`, `exp`, `sub` and `role`: reception, doctor, billing or admin. A doctor's `sub` is his `doctor_id`.",
        ]
    ]
}

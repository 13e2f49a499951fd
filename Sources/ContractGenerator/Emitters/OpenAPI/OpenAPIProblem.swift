/// What an error looks like.
enum OpenAPIProblem {
    static let schemas: [JSONTree.Member] = [.init(key: "Problem", value: problem), .init(key: "Violation", value: violation)]

    private static let problem: JSONTree = [
        "type": "object",
        "description": "What went wrong (RFC 9457). Never holds personal data.",
        "required": ["type", "title", "status", "detail", "code", "correlation_id"],
        "properties": [
            "type": ["type": "string", "format": "uri", "description": "The code as a URN: `urn:hms:problem:PATIENT_NOT_FOUND`."],
            "title": ["type": "string", "description": "The code in words."],
            "status": ["type": "integer", "minimum": 400, "maximum": 599, "description": "The status of the answer."],
            "detail": ["type": "string", "description": "A sentence for people."],
            "code": ["type": "string", "description": "A stable name that programs act on.", "pattern": "^[A-Z][A-Z0-9_]*$"],
            "correlation_id": ["type": "string", "description": "Names the request in the logs of every service it reached."],
            "violations": [
                "type": "array", "description": "The fields that are wrong, all of them.", "items": .reference("schemas", "Violation"),
            ],
        ],
    ]

    private static let violation: JSONTree = [
        "type": "object",
        "description": "A field that is wrong.",
        "required": ["field", "message"],
        "properties": [
            "field": ["type": "string", "description": "Its path in the request: `working_hours[2].start`."],
            "message": ["type": "string", "description": "The rest of a sentence that begins with the field."],
        ],
    ]
}

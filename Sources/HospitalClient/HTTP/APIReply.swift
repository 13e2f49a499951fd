import PlainText

/// An answer of the public API.
public struct APIReply: Sendable {
    public let status: Int
    /// Names in lower case.
    public let headers: [(name: String, value: String)]
    /// Nil where the body is empty or no JSON.
    public let body: JSONValue?

    init(status: Int, headers: [(name: String, value: String)], bytes: [UInt8]) {
        self.status = status
        self.headers = headers
        body = bytes.isEmpty ? nil : try? JSONValue(parsing: bytes)
    }

    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    public var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether this is the first answer to the same idempotency key once more.
    public var isReplay: Bool { header("idempotent-replayed") == "true" }

    /// The stable code of a refusal, nil where the answer is none of a hospital.
    public var code: String? { body?["code"]?.text }

    /// Whether the same request may well succeed a little later.
    public var isTemporary: Bool {
        status >= 500 || status == 429 || code == "IDEMPOTENCY_IN_PROGRESS"
    }

    /// How long the hospital asks to be left alone.
    public var retryAfter: Duration? {
        header("retry-after").flatMap { Int($0) }.map { .seconds(min(max($0, 0), 10)) }
    }

    /// What the answer says, for people: the code and every sentence that names what is wrong.
    public var reason: String {
        guard let code else { return "HTTP \(status)" }
        let violations = (body?["violations"]?.elements ?? []).map { violation in
            [violation["field"]?.text, violation["message"]?.text].compactMap { $0 }.joined(separator: ": ")
        }
        let sentence = violations.isEmpty ? body?["detail"]?.text ?? body?["title"]?.text ?? "" : violations.joined(separator: "; ")
        return sentence.isEmpty ? code : "\(code): \(sentence)"
    }
}

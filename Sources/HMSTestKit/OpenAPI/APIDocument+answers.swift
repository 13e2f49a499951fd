public import PlainText

extension APIDocument {
    /// An answer of the server to a request.
    public struct Answer: Sendable {
        public let method: String
        /// With its query.
        public let target: String
        public let status: Int
        public let headers: [(name: String, value: String)]
        /// Nil where there is none, or no JSON.
        public let body: JSONValue?

        public init(to method: String, _ target: String, status: Int, headers: [(name: String, value: String)], body: JSONValue?) {
            self.method = method
            self.target = target
            self.status = status
            self.headers = headers
            self.body = body
        }

        fileprivate func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// Where an answer is not what the document says.
    public func faults(of answer: Answer) -> [String] {
        let path = String(answer.target.split(separator: "?", maxSplits: 1)[0])
        guard let operation = operation(answer.method, path) else { return elsewhere(answer) }
        guard let response = resolved(operation.tree["responses"]?["\(answer.status)"]) else {
            return ["\(operation) answers \(answer.status) \(answer.body?["code"]?.text ?? "")"]
        }
        return (bodyFaults(answer, response) + codeFaults(answer, operation, response) + headerFaults(answer, response))
            .map { "\(operation) \(answer.status): \($0)" }
    }

    /// What no operation is asked for is refused as the document says for all.
    private func elsewhere(_ answer: Answer) -> [String] {
        let codes = tree["x-hms-errors"]?.elements.compactMap(\.text) ?? []
        let code = "\(answer.status) \(answer.body?["code"]?.text ?? "")"
        return codes.contains(code) ? [] : ["\(answer.method) \(answer.target) is described nowhere and answers \(code)"]
    }

    private func bodyFaults(_ answer: Answer, _ response: JSONValue) -> [String] {
        guard let content = response["content"]?.members.first else { return answer.body == nil ? [] : ["there is a body"] }
        guard answer.header("Content-Type") == content.name else { return ["its type is \(answer.header("Content-Type") ?? "none")"] }
        guard answer.method != "HEAD", content.name.hasSuffix("json"), let schema = content.value["schema"] else { return [] }
        guard let body = answer.body else { return ["the body is no JSON"] }
        return schemas.faults(of: body, under: schema)
    }

    /// The code is one of the operation's own, or one of those that every operation has under this status.
    private func codeFaults(_ answer: Answer, _ operation: Operation, _ response: JSONValue) -> [String] {
        guard answer.status >= 400, let code = answer.body?["code"]?.text else { return [] }
        let own = operation.tree["x-hms-errors"]?.elements ?? []
        let general = response["x-hms-errors"]?.elements ?? []
        return (own + general).contains(.string("\(answer.status) \(code)")) ? [] : ["\(code) is not among its codes"]
    }

    /// What must be sent is, and nothing of the API's own is sent that is not described.
    private func headerFaults(_ answer: Answer, _ response: JSONValue) -> [String] {
        let described = response["headers"]?.members ?? []
        let missing = described.filter { resolved($0.value)?["required"] == .bool(true) && answer.header($0.name) == nil }
        let names = Set(described.map { $0.name.lowercased() })
        let extra = Self.ownHeaders.filter { answer.header($0) != nil && !names.contains($0) }
        return missing.map { "\($0.name) is missing" } + extra.map { "\($0) is sent" }
    }

    private static let ownHeaders = [
        "etag", "location", "retry-after", "idempotent-replayed", "www-authenticate", "x-correlation-id", "traceparent",
    ]
}

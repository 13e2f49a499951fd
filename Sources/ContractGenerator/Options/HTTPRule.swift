/// How HTTP reaches a method: `google.api.HttpRule`.
public struct HTTPRule: Hashable, Sendable {
    /// `GET`
    public let method: String
    /// `/v1/patients/{patient_id}`
    public let path: String
    /// `*`, the name of a field, or empty.
    public let body: String
    /// The name of a field, or empty for the whole response.
    public let responseBody: String

    /// The number of the extension in google.protobuf.MethodOptions.
    static let extensionNumber = 72_295_728

    /// The rule and its additional bindings.
    static func all(options: OptionBytes) -> [HTTPRule] {
        guard let rule = options.message(extensionNumber) else { return [] }
        return ([rule] + rule.messages(11)).compactMap(HTTPRule.init)
    }

    private init?(_ rule: OptionBytes) {
        let verbs = [(2, "GET"), (3, "PUT"), (4, "POST"), (5, "DELETE"), (6, "PATCH")]
        guard let (number, verb) = verbs.first(where: { rule.text($0.0) != nil }), let path = rule.text(number) else { return nil }
        method = verb
        self.path = path
        body = rule.text(7) ?? ""
        responseBody = rule.text(12) ?? ""
    }
}

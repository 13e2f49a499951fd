/// A route as the generator sees it: one HTTP rule of one method, resolved against its messages.
struct RouteModel {
    enum Segment: Equatable {
        case literal(String)
        case field(String)
    }

    enum Body: Equatable {
        case none
        case whole
        case field(FieldModel)
    }

    let method: MethodModel
    let http: HTTPRule
    /// `getPatient`; additional bindings count up.
    let swiftName: String
    let segments: [Segment]
    let body: Body
    let input: MessageModel
    let output: MessageModel
    /// The response field that is the answer.
    let answer: FieldModel?
    /// The message that is the answer.
    let resource: MessageModel
    /// The path of what is created, with fields of the response in it.
    let location: [Segment]?

    static func all(of method: MethodModel, _ contract: Contract) throws -> [RouteModel] {
        try method.http.enumerated().map { try RouteModel(method, $1, index: $0, contract) }
    }

    private init(_ method: MethodModel, _ http: HTTPRule, index: Int, _ contract: Contract) throws {
        guard let input = contract.messages[method.input.fullName], let output = contract.messages[method.output.fullName] else {
            throw GenerationError("\(method.fullName): its messages are unknown")
        }
        self.method = method
        self.http = http
        self.input = input
        self.output = output
        swiftName = method.swiftName + (index == 0 ? "" : "\(index + 1)")
        segments = Self.segments(of: http.path)
        location = method.rule.location.map(Self.segments)
        body = try Self.body(http.body, input, method)
        answer = try Self.answer(http.responseBody, output, method)
        resource =
            try answer.map { field in
                guard let name = field.checkedMessage, let message = contract.messages[name] else {
                    throw GenerationError("\(method.fullName): the response body \(field.name) is no message")
                }
                return message
            } ?? output
        try confirm()
    }

    // MARK: What follows from it

    var pathFields: [String] {
        segments.compactMap { if case .field(let name) = $0 { name } else { nil } }
    }

    var ifMatch: FieldModel? { input.fields.first(where: \.rule.ifMatch) }

    /// The mask that the names of a PATCH body's fields fill.
    var updateMask: FieldModel? {
        guard case .field(let field) = body, input.maskedField == field else { return nil }
        return input.updateMask
    }

    /// What the query can set: whatever neither path nor body nor a header does.
    var queryFields: [FieldModel] {
        guard body != .whole else { return [] }
        return input.fields.filter { field in
            !pathFields.contains(field.name) && body != .field(field) && !field.rule.ifMatch && field != updateMask
                && (field.isTextReadable || field.holdsTextFields)
        }
    }

    /// Those of them in which a plus sign is no space.
    var plusFields: [FieldModel] {
        queryFields.filter { $0.rule.keepsPlus || $0.checkedMessage == "google.protobuf.Timestamp" }
    }

    /// The field of the resource that rises with every change.
    var version: FieldModel? {
        resource.fields.first { $0.name == "version" && $0.shape == .implicit && $0.type == .int64 }
    }

    var status: Int {
        if location != nil { return 201 }
        return answer == nil && output.fields.isEmpty ? 204 : 200
    }

    // MARK: Reading the rule

    private static func segments(of path: String) -> [Segment] {
        path.split(separator: "/").map { part in
            part.hasPrefix("{") && part.hasSuffix("}") ? .field(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    private static func body(_ name: String, _ input: MessageModel, _ method: MethodModel) throws -> Body {
        switch name {
        case "": return .none
        case "*": return .whole
        default:
            guard let field = input.fields.first(where: { $0.name == name }), field.holdsTextFields else {
                throw GenerationError("\(method.fullName): the body \(name) is no message field of \(input.name)")
            }
            return .field(field)
        }
    }

    private static func answer(_ name: String, _ output: MessageModel, _ method: MethodModel) throws -> FieldModel? {
        guard !name.isEmpty else { return nil }
        guard let field = output.fields.first(where: { $0.name == name }), field.shape == .optional else {
            throw GenerationError("\(method.fullName): the response body \(name) is no message field of \(output.name)")
        }
        return field
    }

    private func confirm() throws {
        for name in pathFields {
            let field = input.fields.first { $0.name == name }
            guard let field, field.isTextReadable, field.shape != .repeated else {
                throw GenerationError("\(method.fullName): {\(name)} is no single field of \(input.name)")
            }
        }
        for field in queryFields where field.type == .string && !field.isNeverBlank && field.name != "page_token" {
            throw GenerationError(
                "\(method.fullName): \(field.name) can be given and say nothing; "
                    + "a text in a query is required or optional, and has an id_prefix, a format or a pattern")
        }
        guard segments.allSatisfy({ $0.isPlain }) else { throw GenerationError("\(method.fullName): \(http.path) has a pattern in it") }
    }
}

extension FieldModel {
    /// Whether a text that says nothing breaks the field's rules, so that no filter is given without a meaning.
    fileprivate var isNeverBlank: Bool {
        guard shape == .repeated || shape == .optional || rule.required else { return false }
        return rule.idPrefix != nil || rule.format != .unspecified || rule.pattern != nil
    }
}

extension RouteModel.Segment {
    fileprivate var isPlain: Bool {
        switch self {
        case .literal(let text): !text.contains { "{}*:".contains($0) }
        case .field(let name): !name.contains { "{}*=".contains($0) }
        }
    }
}

/// One operation: a route with its parameters, body and answers.
struct OpenAPIOperation {
    private let route: RouteModel
    private let tag: String
    private let schemas: OpenAPISchemas

    init(route: RouteModel, tag: String, schemas: OpenAPISchemas) {
        self.route = route
        self.tag = tag
        self.schemas = schemas
    }

    var tree: JSONTree {
        let base: JSONTree = [
            "operationId": .text(route.swiftName),
            "tags": [.text(tag)],
            "summary": .text(route.method.comment.summary),
            "description": .text(description),
            "x-hms-method": .text(route.method.fullName),
            "x-hms-roles": .texts(roles),
        ]
        return base.adding([
            "security": isPublic ? [] : nil,
            "parameters": .array(parameters),
            "requestBody": requestBody,
            "responses": .object([success] + notModified + OpenAPIErrors(route).responses),
        ])
    }

    // MARK: Who and how often

    private var isPublic: Bool { route.method.rule.roles.contains(.anyone) }

    /// The people who may call: admins always, services never through this API.
    private var roles: [String] {
        let named = route.method.rule.roles.filter { $0 != .service && $0 != .unspecified && $0 != .admin }
        return (named.map { "\($0)" } + (isPublic ? [] : ["admin"]))
    }

    private var description: String {
        [route.method.comment.paragraphs, whoMayCall, repetition].compactMap(\.self).joined(separator: "\n\n")
    }

    private var whoMayCall: String {
        if isPublic { return "Needs no token." }
        let own = route.method.rule.own != nil || route.method.rule.ownRecord
        return "For \(roles.joined(separator: ", "))." + (own ? " A doctor only where it is his own." : "")
    }

    private var repetition: String? {
        switch route.method.rule.idempotency {
        case .keyRequired: "Refused without an `Idempotency-Key`; with one, it is safe to repeat."
        case .keyOptional: "Safe to repeat with an `Idempotency-Key`."
        case .repeatable: "Safe to repeat."
        case .readOnly, .unspecified: nil
        }
    }

    // MARK: Parameters

    private var parameters: [JSONTree] {
        let path = route.pathFields.compactMap { name in route.input.fields.first { $0.name == name } }
        return path.map { parameter($0, in: "path") } + route.queryFields.map { parameter($0, in: "query") }
            + OpenAPIHeaders.names(for: route).map { .reference("parameters", $0) }
    }

    private func parameter(_ field: FieldModel, in place: String) -> JSONTree {
        let base: JSONTree = ["name": .text(field.name), "in": .text(place)]
        return base.adding([
            "description": field.comment.isEmpty ? nil : .text(field.comment.paragraphs),
            "required": place == "path" || field.rule.required ? true : nil,
            "schema": schemas.parameter(field),
        ])
    }

    private var requestBody: JSONTree? {
        let schema: JSONTree
        switch route.body {
        case .none: return nil
        case .whole: schema = .reference("schemas", schemas.inputName(route.input.fullName))
        case .field(let field): schema = .reference("schemas", schemas.inputName(field.checkedMessage ?? ""))
        }
        return ["required": true, "content": ["application/json": ["schema": schema]]]
    }

    // MARK: Answers

    private var success: (key: String, value: JSONTree) {
        let response: JSONTree = ["description": .text(successText), "headers": headers]
        guard route.status != 204 else { return (key: "204", value: response) }
        let schema = JSONTree.reference("schemas", schemas.outputName(route.resource.fullName))
        return (key: String(route.status), value: response.adding(["content": ["application/json": ["schema": schema]]]))
    }

    private var successText: String {
        switch route.status {
        case 201: "Created."
        case 204: "Done."
        default: "The answer."
        }
    }

    private var notModified: [(key: String, value: JSONTree)] {
        guard route.isConditionalRead else { return [] }
        let headers: JSONTree = ["ETag": .reference("headers", "ETag"), "X-Correlation-ID": .reference("headers", "X-Correlation-ID")]
        return [(key: "304", value: ["description": "The caller has this version already.", "headers": headers])]
    }

    private var headers: JSONTree {
        var names = ["X-Correlation-ID"]
        if route.version != nil { names.append("ETag") }
        if route.location != nil { names.append("Location") }
        if route.takesKey { names.append("Idempotent-Replayed") }
        return .object(names.map { (key: $0, value: .reference("headers", $0)) })
    }
}

extension RouteModel {
    /// Whether `If-None-Match` can spare the answer.
    var isConditionalRead: Bool { http.method == "GET" && version != nil }

    /// Whether an `Idempotency-Key` makes it safe to repeat.
    var takesKey: Bool {
        http.method == "POST" && (method.rule.idempotency == .keyOptional || method.rule.idempotency == .keyRequired)
    }
}

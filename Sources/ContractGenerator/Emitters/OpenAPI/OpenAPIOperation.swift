/// One operation: a route with its parameters, body and answers.
struct OpenAPIOperation {
    private let route: RouteModel
    private let tag: String
    private let schemas: OpenAPISchemas
    private let errors: OpenAPIErrors
    /// How it is called in every language; asked for when nothing else is missing.
    private let samples: () throws -> JSONTree

    init(route: RouteModel, tag: String, schemas: OpenAPISchemas, samples: @escaping () throws -> JSONTree) {
        self.route = route
        self.tag = tag
        self.schemas = schemas
        self.samples = samples
        errors = OpenAPIErrors(route)
    }

    func tree() throws -> JSONTree {
        guard !route.method.comment.isEmpty else { throw GenerationError("\(route.method.fullName) has no comment") }
        let base: JSONTree = [
            "operationId": .text(route.swiftName),
            "tags": [.text(tag)],
            "summary": .text(route.method.comment.title),
            "description": .text(description),
            "x-hms-method": .text(route.method.fullName),
            "x-hms-roles": .texts(roles),
            "x-hms-errors": .texts(errors.own.map(\.text)),
            "x-codeSamples": try samples(),
        ]
        return base.adding([
            "security": isPublic ? [] : nil,
            "parameters": .array(try parameters()),
            "requestBody": requestBody,
            "responses": .object([success] + notModified + errors.responses),
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
        let reason = " A doctor who treats not everybody whom the answer names says why, in `X-Access-Reason`."
        return "For \(roles.joined(separator: ", "))." + (own && roles.contains("doctor") ? " A doctor only where it is his own." : "")
            + (route.method.rule.treatment ? reason : "")
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

    private func parameters() throws -> [JSONTree] {
        let path = route.pathFields.compactMap { name in route.input.fields.first { $0.name == name } }
        let fields = try path.map { try parameter($0, in: "path") } + route.queryFields.map { try parameter($0, in: "query") }
        return fields + OpenAPIHeaders.names(for: route).map { .reference("parameters", $0) }
    }

    private func parameter(_ field: FieldModel, in place: String) throws -> JSONTree {
        let base: JSONTree = [
            "name": .text(field.name), "in": .text(place), "description": .text(try description(of: field, isInPath: place == "path")),
        ]
        return base.adding([
            "required": place == "path" || field.rule.required ? true : nil,
            "schema": OpenAPIField(field, schemas: schemas, isInput: true).schema,
            "example": try schemas.examples.parameter(field, of: route.input),
        ])
    }

    /// An id in a path says which record is meant, whatever it is called where the record is described.
    private func description(of field: FieldModel, isInPath: Bool) throws -> String {
        guard isInPath, field.comment.isEmpty, field.rule.idPrefix != nil, field.name.hasSuffix("_id") else {
            return try schemas.words.comment(field, of: route.input)
        }
        return "The id of the \(field.name.dropLast("_id".count).split(separator: "_").joined(separator: " "))."
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

    private var success: JSONTree.Member {
        let response: JSONTree = ["description": .text(successText), "headers": .references("headers", headers)]
        guard route.status != 204 else { return JSONTree.Member(key: "204", value: response) }
        let schema = JSONTree.reference("schemas", schemas.outputName(route.resource.fullName))
        return JSONTree.Member(key: String(route.status), value: response.adding(["content": ["application/json": ["schema": schema]]]))
    }

    private var successText: String {
        switch route.status {
        case 201: "Created. \(route.resource.comment.summary)."
        case 204: "Done. There is nothing to tell."
        default: "\(route.resource.comment.summary)."
        }
    }

    private var notModified: [JSONTree.Member] {
        guard route.isConditionalRead else { return [] }
        return [JSONTree.Member(key: "304", value: .reference("responses", "NotModified"))]
    }

    private var headers: [String] {
        var names = ["X-Correlation-ID", "traceparent"]
        if route.version != nil { names.append("ETag") }
        if route.location != nil { names.append("Location") }
        if route.takesKey { names.append("Idempotent-Replayed") }
        return names
    }
}

extension RouteModel {
    /// Whether `If-None-Match` can spare the answer.
    var isConditionalRead: Bool { http.method == "GET" && version != nil }

    /// Whether an `Idempotency-Key` is kept: wherever a POST changes something.
    var takesKey: Bool {
        switch method.rule.idempotency {
        case .keyOptional, .keyRequired, .repeatable: http.method == "POST"
        case .readOnly, .unspecified: false
        }
    }
}

/// One operation as its callers see it.
struct ClientOperation {
    enum Place: Hashable {
        case path, query, body
        /// Part of a body whose names say what changes.
        case change
    }

    struct Parameter {
        /// As in the contract: `patient_id`.
        let name: String
        let type: ClientType
        let place: Place
        let isRequired: Bool
        /// Whether null clears it.
        let isClearable: Bool
        let comment: [String]
        /// The contract's example, or what the field's shape tells; nil where an example call leaves it out.
        let example: JSONTree?
    }

    enum Result {
        case nothing
        case record(name: String, fullName: String)
        /// The records of pages: the field that holds them.
        case pages(field: String, of: ClientType)
    }

    let route: RouteModel
    /// Those of the path first, in the order in which they stand there.
    let parameters: [Parameter]
    let result: Result
    let errors: [ErrorCode]

    init(_ route: RouteModel, _ types: ClientTypes) throws {
        self.route = route
        errors = OpenAPIErrors(route).own
        let places = try Self.places(of: route, types)
        parameters = try places.filter { $0.field.name != "page_token" || $0.place != .query }.map { place in
            try Self.parameter(place.field, in: place.place, of: place.message, types)
        }
        result = Self.result(of: route, types)
    }

    /// `getPatient`
    var name: String { route.swiftName }
    var comment: [String] { route.method.comment }
    var takesKey: Bool { route.takesKey }
    /// Whether the caller can say why he reads people.
    var takesReason: Bool { route.method.rule.treatment }
    static let reasonComment = "Why a doctor reads somebody whom he does not treat: one line of 1 to 500 characters, kept in the audit."
    var isPaged: Bool { if case .pages = result { true } else { false } }

    /// Whether a second request leaves what the first left; with a key it does.
    var isRepeatable: Bool {
        switch route.method.rule.idempotency {
        case .readOnly, .repeatable: true
        case .keyOptional, .keyRequired: takesKey
        case .unspecified: route.http.method == "GET"
        }
    }

    /// Every type that a caller meets.
    var types: [ClientType] {
        switch result {
        case .nothing: parameters.map(\.type)
        case .record(let name, let fullName): parameters.map(\.type) + [.record(name: name, fullName: fullName)]
        case .pages(_, let type): parameters.map(\.type) + [type]
        }
    }

    func parameters(in place: Place) -> [Parameter] { parameters.filter { $0.place == place } }

    /// The parts of the path: what stands there, and the names of what is put there.
    var pathParameters: [Parameter] { parameters(in: .path) }

    // MARK: Reading the route

    private typealias Placed = (field: FieldModel, place: Place, message: MessageModel)

    private static func places(of route: RouteModel, _ types: ClientTypes) throws -> [Placed] {
        let path = route.pathFields.compactMap { name in route.input.fields.first { $0.name == name } }
        let inPath: [Placed] = path.map { ($0, .path, route.input) }
        switch route.body {
        case .none: return inPath + route.queryFields.map { ($0, .query, route.input) }
        case .whole:
            let rest = route.input.fields.filter { !route.pathFields.contains($0.name) && !$0.rule.ifMatch }
            return inPath + rest.map { ($0, .body, route.input) }
        case .field(let field):
            guard let name = field.checkedMessage, let message = types.contract.messages[name] else {
                throw GenerationError("\(route.method.fullName): its body is no message")
            }
            let place: Place = route.updateMask == nil ? .body : .change
            return inPath + route.queryFields.map { ($0, .query, route.input) } + message.fields.map { ($0, place, message) }
        }
    }

    private static func parameter(
        _ field: FieldModel, in place: Place, of message: MessageModel, _ types: ClientTypes
    ) throws -> Parameter {
        let examples = OpenAPIExamples(types.contract, types.words)
        let isShown =
            place == .path || field.rule.required || field.rule.example != nil || (field.shape == .repeated && field.type.isMessage)
        return Parameter(
            name: field.name, type: types.type(of: field, in: message), place: place,
            isRequired: place == .path || (place != .change && field.rule.required),
            isClearable: place == .change && field.shape == .optional && !field.rule.notNull,
            comment: types.comment(field, of: message),
            example: isShown ? try examples.example(field, of: message) : nil)
    }

    private static func result(of route: RouteModel, _ types: ClientTypes) -> Result {
        guard route.status != 204 else { return .nothing }
        let resource = route.resource
        if resource.fields.contains(where: { $0.name == "next_page_token" }),
            let list = resource.fields.first(where: { $0.shape == .repeated && $0.type.isMessage }),
            case .list(let type) = types.type(of: list, in: resource)
        {
            return .pages(field: list.name, of: type)
        }
        return .record(name: ClientTypes.recordName(resource.swiftName), fullName: resource.fullName)
    }
}

/// The errors that a route can answer.
struct OpenAPIErrors {
    private let route: RouteModel

    init(_ route: RouteModel) {
        self.route = route
    }

    /// The codes that are this route's own, in the order in which they are found: the key, the record, its version, the rules.
    var own: [ErrorCode] {
        var codes: [ErrorCode] = []
        if route.method.rule.idempotency == .keyRequired { codes.append(ErrorCode(400, "IDEMPOTENCY_KEY_REQUIRED")) }
        if route.takesKey { codes += [ErrorCode(409, "IDEMPOTENCY_IN_PROGRESS"), ErrorCode(422, "IDEMPOTENCY_KEY_REUSED")] }
        let rules = route.method.rule.errors.compactMap(ErrorCode.init)
        codes += route.input.fields.filter { $0.rule.idPrefix != nil }.map { ErrorCode(404, $0.notFoundCode) }.filter {
            !rules.contains($0)
        }
        if route.ifMatch != nil || route.isConditionalRead { codes.append(ErrorCode(412, "VERSION_MISMATCH")) }
        return (codes + rules).reduce(into: []) { all, code in
            if !all.contains(code) { all.append(code) }
        }
    }

    /// By ascending status, each a reference; where a status has codes of this route, they are named in its description.
    var responses: [JSONTree.Member] {
        let own = Dictionary(grouping: own, by: \.status)
        return Set(generalStatuses).union(own.keys).sorted().compactMap { status in
            guard let response = SharedResponse.of(status) else { return nil }
            let codes = own[status, default: []].map(\.code)
            let reference = JSONTree.reference("responses", response.name)
            let description = codes.isEmpty ? nil : JSONTree.text(response.description(naming: codes))
            return JSONTree.Member(key: String(status), value: reference.adding(["description": description]))
        }
    }

    /// What any call may be answered that is made like this one.
    private var generalStatuses: [Int] {
        let isPublic = route.method.rule.roles.contains(.anyone)
        return [400, 408, 414, 429, 431, 500, 501, 503, 504] + (isPublic ? [] : [401, 403]) + (route.body == .none ? [] : [413, 415])
    }
}

/// A stable name and the status that it comes with.
struct ErrorCode: Hashable {
    let status: Int
    let code: String

    init(_ status: Int, _ code: String) {
        self.status = status
        self.code = code
    }

    /// `409 POSSIBLE_DUPLICATE`
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let status = Int(parts[0]) else { return nil }
        self.init(status, String(parts[1]))
    }

    var text: String { "\(status) \(code)" }
}

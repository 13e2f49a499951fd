/// The public API as its clients see it, whatever their language.
struct ClientModel {
    let operations: [ClientOperation]
    /// What is taken or answered as an object, by name; requests and pages are none, their fields are parameters and results.
    let records: [ClientRecord]
    let enums: [EnumModel]
    /// Every code that the API answers with, by name.
    let errors: [ErrorCode]
    let examples: OpenAPIExamples

    /// Nil where the contract has no routes.
    init?(_ contract: Contract) throws {
        let services = contract.services.filter(\.hasRoutes)
        guard !services.isEmpty else { return nil }
        let types = ClientTypes(contract)
        examples = OpenAPIExamples(contract, types.words)
        operations = try services.flatMap(\.methods).filter { !$0.http.isEmpty }.map { method in
            try ClientOperation(RouteModel.all(of: method, contract)[0], types)
        }
        let named = Self.reachable(from: operations.flatMap(\.types), types)
        records = named.sorted().compactMap { contract.messages[$0] }.map { ClientRecord($0, types) }
        enums = Set(operations.flatMap(\.types).flatMap(\.enums) + records.flatMap(\.fields).flatMap(\.type.enums)).sorted()
            .compactMap { contract.enums[$0] }
        errors = Self.errors(of: operations)
        try confirmNames()
    }

    private static func reachable(from start: [ClientType], _ types: ClientTypes) -> Set<String> {
        var seen: Set<String> = []
        var open = start.flatMap(\.records)
        while let name = open.popLast() {
            guard seen.insert(name).inserted, let message = types.contract.messages[name] else { continue }
            open += ClientRecord(message, types).fields.flatMap(\.type.records)
        }
        return seen
    }

    /// Each code once. One that comes under two statuses would need two classes of one name.
    private static func errors(of operations: [ClientOperation]) -> [ErrorCode] {
        let shared = SharedResponse.all.flatMap { response in response.codes.map { ErrorCode(response.status, $0) } }
        let all = shared + OpenAPITexts.elsewhere + operations.flatMap(\.errors)
        return Set(all).sorted { ($0.code, $0.status) < ($1.code, $1.status) }
    }

    private func confirmNames() throws {
        let codes = Dictionary(grouping: errors, by: \.code).first { $0.value.count > 1 }
        if let codes { throw GenerationError("\(codes.key) is answered under two statuses") }
        let names = records.map(\.name) + enums.map(\.name) + errors.map(\.className)
        let clash = Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys.sorted().first
        if let clash { throw GenerationError("two things are \(clash) in the clients") }
    }
}

/// An object of the API.
struct ClientRecord {
    let name: String
    let comment: [String]
    let fields: [ClientField]
    /// Whether a field says what the amounts of the record are in.
    let namesCurrency: Bool

    init(_ message: MessageModel, _ types: ClientTypes) {
        name = ClientTypes.recordName(message.swiftName)
        comment = message.comment
        fields = message.fields.map { ClientField($0, of: message, types) }
        namesCurrency = message.fields.contains { $0.name == "currency" && $0.type == .string && $0.shape == .implicit }
    }
}

/// A field of an object.
struct ClientField {
    let name: String
    let type: ClientType
    /// Whether it can be absent.
    let isOptional: Bool
    let comment: [String]

    init(_ field: FieldModel, of message: MessageModel, _ types: ClientTypes) {
        name = field.name
        type = types.type(of: field, in: message)
        if case .oneof = field.shape { isOptional = true } else { isOptional = field.isOptional }
        comment = types.comment(field, of: message)
    }
}

extension EnumModel {
    /// The values that say something, each once.
    var named: [Value] { values.filter { !$0.isAlias && $0.shortName != "UNSPECIFIED" } }
}

extension ErrorCode {
    /// `PATIENT_NOT_FOUND` → `PatientNotFound`
    var className: String {
        code.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
    }
}

extension SharedResponse {
    /// The class that the errors of its status have in common.
    var className: String { name + "Problem" }
}

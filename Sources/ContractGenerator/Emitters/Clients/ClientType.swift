/// The type of one value as people think of it, whatever it is in a language.
indirect enum ClientType: Hashable {
    case text, integer, real, flag, binary
    /// A day of the calendar.
    case day
    case instant, duration
    /// An amount in minor units.
    case money
    /// Anything that JSON can say.
    case json
    case enumeration(name: String, fullName: String)
    case record(name: String, fullName: String)
    case list(ClientType)
    case map(ClientType)

    var enums: [String] {
        switch self {
        case .enumeration(_, let fullName): [fullName]
        case .list(let inner), .map(let inner): inner.enums
        case .text, .integer, .real, .flag, .binary, .day, .instant, .duration, .money, .json, .record: []
        }
    }

    var records: [String] {
        switch self {
        case .record(_, let fullName): [fullName]
        case .list(let inner), .map(let inner): inner.records
        case .text, .integer, .real, .flag, .binary, .day, .instant, .duration, .money, .json, .enumeration: []
        }
    }
}

/// Finds the types of fields.
struct ClientTypes {
    let contract: Contract
    let words: FieldWords

    init(_ contract: Contract) {
        self.contract = contract
        words = FieldWords(contract)
    }

    func type(of field: FieldModel, in message: MessageModel) -> ClientType {
        switch field.shape {
        case .implicit, .optional, .oneof: single(field, field.type, message)
        case .repeated: .list(single(field, field.type, message))
        case .map(_, let value): .map(single(field, value, message))
        }
    }

    /// What the contract says of a field, or of its like.
    func comment(_ field: FieldModel, of message: MessageModel) -> [String] {
        guard field.comment.isEmpty else { return field.comment }
        return (try? words.comment(field, of: message)).map { [$0] } ?? []
    }

    /// `Book.Loan` → `BookLoan`
    static func recordName(_ swiftName: String) -> String {
        swiftName.split(separator: ".").joined()
    }

    private func single(_ field: FieldModel, _ type: FieldType, _ message: MessageModel) -> ClientType {
        switch type {
        case .string: words.shape(field, of: message).format == .date ? .day : .text
        case .bytes: .binary
        case .bool: .flag
        case .double, .float: .real
        case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64, .sfixed32, .sfixed64:
            field.rule.money ? .money : .integer
        case .enumeration(let reference):
            .enumeration(name: Self.recordName(reference.swiftName), fullName: reference.fullName)
        case .message(let reference): named(reference)
        }
    }

    private func named(_ reference: TypeReference) -> ClientType {
        switch reference.fullName {
        case "google.protobuf.Timestamp": .instant
        case "google.protobuf.Duration": .duration
        case "google.protobuf.StringValue", "google.protobuf.FieldMask": .text
        case "google.protobuf.BytesValue": .binary
        case "google.protobuf.BoolValue": .flag
        case "google.protobuf.DoubleValue", "google.protobuf.FloatValue": .real
        case "google.protobuf.Int32Value", "google.protobuf.Int64Value", "google.protobuf.UInt32Value", "google.protobuf.UInt64Value":
            .integer
        case "google.protobuf.Struct", "google.protobuf.ListValue", "google.protobuf.Value", "google.protobuf.Any": .json
        default: .record(name: Self.recordName(reference.swiftName), fullName: reference.fullName)
        }
    }
}

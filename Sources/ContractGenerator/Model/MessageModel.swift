/// One message.
public struct MessageModel: Hashable, Sendable {
    /// `hms.patient.v1.Patient`
    public let fullName: String
    /// The file that declares it, as protoc names it.
    public let protoPath: String
    public let name: String
    /// `Patient`, `TestAllTypesProto3.NestedMessage`
    public let swiftName: String
    /// The message that it is declared in: `TestAllTypesProto3`.
    public let swiftParent: String?
    /// The last part of the Swift name.
    public let swiftShortName: String
    /// The C struct: `hms_patient_v1_Patient`.
    public let cName: String
    public let comment: [String]
    /// In the order of the contract, oneofs' members among them.
    public let fields: [FieldModel]
    public let oneofs: [OneofModel]
    /// Whether it is the entry of a map: C knows it, Swift doesn't.
    public let isMapEntry: Bool
    public let rule: MessageRule

    /// What the Swift struct stores, in the order of the contract: single fields, and each oneof at its first member.
    public var properties: [Property] {
        var seen: Set<Int> = []
        return fields.compactMap { field in
            guard case .oneof(let index) = field.shape else { return .field(field) }
            return seen.insert(index).inserted ? .oneof(oneofs[index]) : nil
        }
    }

    public enum Property: Hashable, Sendable {
        case field(FieldModel)
        case oneof(OneofModel)
    }
}

/// One enum.
public struct EnumModel: Hashable, Sendable {
    public struct Value: Hashable, Sendable {
        /// As in the contract: `PATIENT_STATUS_ACTIVE`.
        public let name: String
        /// `ACTIVE`
        public let shortName: String
        public let swiftName: String
        public let number: Int
        public let comment: [String]
        /// Whether an earlier value has the same number.
        public let isAlias: Bool
    }

    public let fullName: String
    public let name: String
    public let swiftName: String
    public let swiftParent: String?
    public let swiftShortName: String
    public let comment: [String]
    public let values: [Value]
}

/// The type of one value: of a field, of a list's element, of a map's key or value.
public indirect enum FieldType: Hashable, Sendable {
    case double, float
    case int32, int64, uint32, uint64, sint32, sint64
    case fixed32, fixed64, sfixed32, sfixed64
    case bool, string, bytes
    case enumeration(TypeReference)
    case message(TypeReference)

    /// `Int32`, `String`, `[UInt8]`, `PatientStatus`, `ProtobufTimestamp`
    public var swiftType: String {
        switch self {
        case .double: "Double"
        case .float: "Float"
        case .int32, .sint32, .sfixed32: "Int32"
        case .int64, .sint64, .sfixed64: "Int64"
        case .uint32, .fixed32: "UInt32"
        case .uint64, .fixed64: "UInt64"
        case .bool: "Bool"
        case .string: "String"
        case .bytes: "[UInt8]"
        case .enumeration(let reference), .message(let reference): reference.swiftName
        }
    }

    /// The Swift expression of the value that a field has where it isn't sent.
    public var swiftDefault: String {
        switch self {
        case .double, .float, .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64, .sfixed32, .sfixed64: "0"
        case .bool: "false"
        case .string: "\"\""
        case .bytes: "[]"
        case .enumeration(let reference): reference.zeroCase.map { ".\($0)" } ?? "\(swiftType)()"
        case .message: "\(swiftType)()"
        }
    }

    public var isMessage: Bool {
        if case .message = self { true } else { false }
    }

    /// Whether a list of it is sent in one piece by default.
    public var isPackable: Bool {
        switch self {
        case .string, .bytes, .message: false
        default: true
        }
    }
}

/// A message or enum that a field refers to.
public struct TypeReference: Hashable, Sendable {
    /// `hms.patient.v1.PatientStatus`
    public let fullName: String
    /// `PatientStatus`, `TestAllTypesProto3.NestedMessage`
    public let swiftName: String
    /// The C struct: `hms_patient_v1_Patient`.
    public let cName: String
    /// Of an enum, the case of number 0: `unspecified`.
    public let zeroCase: String?
}

/// One field of a message.
public struct FieldModel: Hashable, Sendable {
    /// How often, and how, a field's value occurs.
    public enum Shape: Hashable, Sendable {
        /// proto3's plain field: a value that equals the default isn't sent.
        case implicit
        /// Knows whether it was sent: `optional`, and every single message.
        case optional
        case repeated
        case map(key: FieldType, value: FieldType)
        /// One of several, in the oneof of this index.
        case oneof(Int)
    }

    /// As in the contract: `patient_id`.
    public let name: String
    public let jsonName: String
    public let number: Int
    /// `patientID`; in a declaration, ``SwiftName/declared(_:)`` of it.
    public let swiftName: String
    public let cName: String
    /// Of the elements where repeated; of the entry message where a map.
    public let type: FieldType
    public let shape: Shape
    /// Whether the contract says `optional`: of a message, that it may be absent from what is answered.
    public let isDeclaredOptional: Bool
    /// Whether a list is sent in one piece.
    public let isPacked: Bool
    /// Whether the value is kept in a box because its type holds itself.
    public let isBoxed: Bool
    public let rule: FieldRule
    public let comment: [String]

    /// `String`, `String?`, `[String]`, `[String: Int32]`; of a oneof's member, the payload's type.
    public var swiftType: String {
        switch shape {
        case .implicit, .oneof: type.swiftType
        case .optional: type.swiftType + "?"
        case .repeated: "[\(type.swiftType)]"
        case .map(let key, let value): "[\(key.swiftType): \(value.swiftType)]"
        }
    }

    /// The Swift expression of the property's value in an empty message.
    public var swiftDefault: String {
        switch shape {
        case .implicit: type.swiftDefault
        case .optional, .oneof: "nil"
        case .repeated: "[]"
        case .map: "[:]"
        }
    }
}

/// A oneof: at most one of its fields is set.
public struct OneofModel: Hashable, Sendable {
    /// As in the contract: `of`.
    public let name: String
    /// The property: `of`.
    public let swiftName: String
    /// The nested enum: `OneOf_Of`.
    public let swiftType: String
    public let cName: String
    public let fields: [FieldModel]
    public let comment: [String]
    /// Whether a case holds the message itself.
    public let isIndirect: Bool
}

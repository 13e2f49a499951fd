/// Why a JSON document was refused. Never holds anything of the document's values.
public struct JSONDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field that is wrong: `patient.allergies[2]`. Empty where the document as a whole is.
    public let field: String
    /// What is wrong, as the rest of a sentence that begins with the field: `must be text`.
    public let message: String

    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }

    public var description: String {
        field.isEmpty ? "the document \(message)" : "\(field) \(message)"
    }
}

/// Why a message has no JSON form.
public enum JSONEncodingError: Error, Hashable, Sendable {
    /// A timestamp outside the years 1 to 9999, or with nanoseconds outside a second.
    case timestampOutOfRange
    /// A duration over 10,000 years, or with nanoseconds of another sign or outside a second.
    case durationOutOfRange
    /// A field mask with a path that has no lowerCamelCase form.
    case unwritableFieldMask
    /// A `google.protobuf.Value` that holds nothing, or a number that JSON has no word for.
    case unwritableValue
    /// A `google.protobuf.Any` of a type that the options do not name.
    case unknownType(String)
    /// A `google.protobuf.Any` whose bytes are not a message of its type.
    case malformedAny(String)
}

public import Contracts
public import Vocabulary

/// Which fields of a record an update changes: those that the caller's mask names, or, without a mask, those that are set.
public struct UpdateMask: Sendable {
    private let paths: Set<String>

    /// One field that an update may change.
    public struct Field: Sendable {
        let name: String
        let isSet: Bool
        let isRequired: Bool

        /// A field that every record has: named without a value it is refused.
        public static func required(_ name: String, isSet: Bool) -> Field {
            Field(name: name, isSet: isSet, isRequired: true)
        }

        /// A field that is cleared when it is named without a value.
        public static func optional(_ name: String, isSet: Bool) -> Field {
            Field(name: name, isSet: isSet, isRequired: false)
        }
    }

    /// - Parameter message: the request's field that holds the new values.
    /// - Throws: `INVALID_ARGUMENT` for every path that is no field, and every required field that would be cleared.
    public init(_ mask: ProtobufFieldMask?, over fields: [Field], in message: String) throws(Rejection) {
        guard let named = mask?.paths, !named.isEmpty else {
            paths = Set(fields.filter(\.isSet).map(\.name))
            return
        }
        paths = Set(named)
        let known = Set(fields.map(\.name))
        let unknown = named.indices.filter { !known.contains(named[$0]) }.map {
            Rejection.Violation(field: "update_mask.paths[\($0)]", sentence: "is no field that can be changed")
        }
        let cleared = fields.filter { [paths] in $0.isRequired && !$0.isSet && paths.contains($0.name) }.map {
            Rejection.Violation(field: "\(message).\($0.name)", sentence: "can't be cleared")
        }
        guard unknown.isEmpty && cleared.isEmpty else { throw Rejection(invalid: unknown + cleared) }
    }

    public func contains(_ field: String) -> Bool {
        paths.contains(field)
    }
}

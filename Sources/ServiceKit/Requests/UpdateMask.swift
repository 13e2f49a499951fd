public import Contracts

/// Which fields of a record an update changes: those that the caller's mask names, or, without a mask, those that are set.
///
/// The contract's checks have refused a mask that names no field, or clears one that every record has.
public struct UpdateMask: Sendable {
    /// The names of what is changed.
    public let fields: Set<String>

    /// - Parameter set: for every field that can change, whether the request holds a value for it.
    public init(_ mask: ProtobufFieldMask?, orSet set: KeyValuePairs<String, Bool>) {
        if let named = mask?.paths, !named.isEmpty {
            fields = Set(named)
        } else {
            fields = Set(set.filter(\.value).map(\.key))
        }
    }

    public func contains(_ field: String) -> Bool {
        fields.contains(field)
    }
}

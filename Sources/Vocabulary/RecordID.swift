/// The id of one kind of record: the kind's prefix, an underscore, and a part that sorts by time.
public protocol RecordID: RawRepresentable, Hashable, Sendable, CustomStringConvertible where RawValue == String {
    /// `pat` of `pat_01jq…`.
    static var prefix: String { get }
    /// Nothing is checked here: an id of another kind names no record, so looking it up finds none.
    init(rawValue: String)
}

extension RecordID {
    public var description: String { rawValue }
}

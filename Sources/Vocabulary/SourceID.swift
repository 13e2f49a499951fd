/// What another system calls one of its records: it means one of ours, for ever.
public struct SourceID: Hashable, Sendable {
    /// The name of the system, as this hospital knows it: `old-clinic`.
    public let source: String
    /// The record's id there, as it is written there.
    public let value: String

    public init(source: String, value: String) {
        self.source = source
        self.value = value
    }

    /// What a request says; nil where it says neither.
    ///
    /// - Throws: `INVALID_ARGUMENT` where one of the two is given without the other.
    public init?(source: String?, sourceID: String?) throws(Rejection) {
        switch (source, sourceID) {
        case (nil, nil): return nil
        case (let source?, let value?): self.init(source: source, value: value)
        case (nil, _?): throw Rejection(invalid: [.init(field: "source", sentence: "is required with source_id")])
        case (_?, nil): throw Rejection(invalid: [.init(field: "source_id", sentence: "is required with source")])
        }
    }
}

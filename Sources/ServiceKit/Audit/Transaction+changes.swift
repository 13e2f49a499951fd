public import ProtobufC
public import Storage

extension Transaction {
    /// Every change changes them.
    private static var ofEveryChange: Set<String> { ["version", "created_at"] }

    /// Notes for the audit which fields of a record change. Where the call is not audited it costs nothing.
    ///
    /// - Parameter old: the record before; nil where it is new.
    public func noteChange<Record: Message>(from old: Record? = nil, to new: Record) {
        guard changedFields != nil else { return }
        changedFields?.formUnion(Set(new.fieldNames(otherThanIn: old)).subtracting(Self.ofEveryChange))
    }

    /// The same for what is no field of a message, or not written whole.
    public func noteChange(of fields: String...) {
        changedFields?.formUnion(fields)
    }
}

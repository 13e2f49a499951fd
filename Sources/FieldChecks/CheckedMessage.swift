public import ProtobufJSON

/// A message that a caller may send: what its fields may hold is checked before it is handled.
public protocol CheckedMessage: JSONMessage {
    /// Notes every field that breaks its rule.
    func check(into violations: inout Violations)
    /// Notes the ids that it names.
    func nameIDs(into ids: inout NamedIDs)
}

extension CheckedMessage {
    public func check(into violations: inout Violations) {}

    public func nameIDs(into ids: inout NamedIDs) {}

    /// Every field that breaks its rule.
    public func violations() -> Violations {
        var violations = Violations()
        check(into: &violations)
        return violations
    }
}

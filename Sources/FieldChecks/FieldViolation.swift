/// One field of a request that breaks its contract.
public struct FieldViolation: Hashable, Sendable {
    /// The field's path in proto names: `patient.name`, `allergies[3]`.
    public let field: String
    /// What is wrong, for people. Never repeats the value.
    public let message: String

    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}

/// Why the text of a path or query parameter was refused. Never holds the text.
public struct FieldTextError: Error, Hashable, Sendable {
    public let field: String
    /// The rest of a sentence that begins with the field: `must be a whole number`.
    public let message: String

    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}

/// A method and the full names of its messages.
public struct MethodShape: Hashable, Sendable {
    /// `pkg.Service/Method`
    public let name: String
    public let input: String
    public let output: String
    /// Whether it is answered by a stream of its output.
    public let isStreamed: Bool
}

/// When an invariant is true.
public enum Constancy: Sendable {
    /// In every state of every database.
    case always
    /// At every moment, but it is about several databases, and copies of different moments may deny it.
    case acrossServices
    /// When the hospital has finished what it has begun: the event that makes it true may be on its way.
    case inTheEnd
}

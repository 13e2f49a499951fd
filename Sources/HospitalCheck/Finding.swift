/// What a look found.
public struct Finding: Sendable, Hashable {
    /// How many things were looked at.
    public var count: Int
    /// Each that breaks the invariant: ids and what is wrong, never personal data.
    public var breaches: [String]

    public init(count: Int, breaches: [String]) {
        self.count = count
        self.breaches = breaches
    }
}

/// After which row of a list a page begins, as far as a ``PageToken`` has to say it.
public protocol PagePosition: Sendable {
    /// Nil where the key is none of this list.
    init?(sortKey: String)

    /// What ``init(sortKey:)`` reads.
    var sortKey: String { get }
}

/// Most lists go from the newest row down, by its `seq`.
extension Int64: PagePosition {
    public init?(sortKey: String) {
        self.init(sortKey)
    }

    public var sortKey: String { String(self) }
}

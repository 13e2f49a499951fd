/// A record's id, taken apart.
public struct ParsedID: Hashable, Sendable {
    public let prefix: String
    public let part: SortablePart

    /// Nil where `text` is not a prefix, an underscore and a sortable part.
    public init?(_ text: String) {
        guard let underscore = text.lastIndex(of: "_"), underscore != text.startIndex else { return nil }
        guard let part = SortablePart(text[text.index(after: underscore)...]) else { return nil }
        prefix = String(text[..<underscore])
        self.part = part
    }

    /// Whether `text` is an id of this kind.
    public static func isValid(_ text: String, prefix: String) -> Bool {
        ParsedID(text)?.prefix == prefix
    }
}

/// Several commands that the cache does in one step, written in its own language (Lua). Nobody else's command comes between them.
public struct CacheScript: Sendable {
    let text: String

    public init(_ text: String) {
        self.text = text
    }
}

/// What a ``CacheScript`` returns.
public enum CacheAnswer: Hashable, Sendable {
    case nothing
    case number(Int64)
    case bytes([UInt8])
}

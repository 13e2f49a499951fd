/// Writes indented code, line by line.
public struct CodeWriter {
    public private(set) var text = ""
    private var depth = 0

    public init() {}

    /// Writes one line; an empty one has no indentation.
    public mutating func line(_ line: String = "") {
        if !line.isEmpty { text += String(repeating: "    ", count: depth) + line }
        text += "\n"
    }

    /// Writes each line of `block` at this depth.
    public mutating func lines(_ block: String) {
        for line in block.split(separator: "\n", omittingEmptySubsequences: false) { self.line(String(line)) }
    }

    /// Writes `opening {`, the indented body and `}`.
    public mutating func block(_ opening: String, closing: String = "}", _ body: (inout CodeWriter) throws -> Void) rethrows {
        line(opening + " {")
        try indented(body)
        line(closing)
    }

    /// Writes the body one step deeper.
    public mutating func indented(_ body: (inout CodeWriter) throws -> Void) rethrows {
        depth += 1
        try body(&self)
        depth -= 1
    }

    /// Writes a doc comment, one `///` for each line of the contract's comment.
    public mutating func document(_ comment: [String]) {
        for sentence in comment { line(sentence.isEmpty ? "///" : "/// " + sentence) }
    }
}

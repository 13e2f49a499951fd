/// Writes indented code, line by line.
public struct CodeWriter {
    public private(set) var text = ""
    private var depth = 0
    private static let lineWidth = 140

    public init() {}

    /// Writes one line; an empty one has no indentation.
    public mutating func line(_ line: String = "") {
        if !line.isEmpty { text += String(repeating: "    ", count: depth) + line }
        text += "\n"
    }

    /// Writes text as it is, whatever the depth.
    public mutating func raw(_ text: String) {
        self.text += text
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

    /// Writes a block as short as it is: what holds no line or one that fits stands on the line of its opening.
    public mutating func shortBlock(_ opening: String, _ body: (inout CodeWriter) throws -> Void) rethrows {
        var inside = CodeWriter()
        try body(&inside)
        let lines = inside.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard let line = lines.first else { return self.line(opening + " {}") }
        let whole = "\(opening) { \(line) }"
        guard lines.count == 1, depth * 4 + whole.count <= Self.lineWidth else { return try block(opening, body) }
        self.line(whole)
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

/// Why somebody says that he needs a record: 1 to 500 characters in one line, white space around them not counted.
public struct AccessReason: Hashable, Sendable {
    public let text: String

    private static let longest = 500

    /// Nil where it is empty, too long, or holds what is no character of a line: a control character, or one that turns the direction
    /// of text.
    public init?(_ text: String) {
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        let line = scalars[start...end]
        guard line.count <= Self.longest, line.allSatisfy(Self.isOfLine), line.contains(where: Self.isSeen) else { return nil }
        self.text = String(String.UnicodeScalarView(line))
    }

    private static func isOfLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        default: !scalar.properties.isBidiControl
        }
    }

    /// Joiners are part of many scripts, and nothing by themselves.
    private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory != .format && !scalar.properties.isWhitespace
    }
}

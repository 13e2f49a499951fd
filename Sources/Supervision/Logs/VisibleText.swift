/// A line for a terminal. What would move its cursor, change its colours, end the line or turn the direction of writing is written out,
/// so that whoever can bring a text into a log can't put on a line that isn't there.
public enum VisibleText {
    public static func of(_ line: String) -> String {
        guard line.unicodeScalars.contains(where: isUnseen) else { return line }
        return line.unicodeScalars.reduce(into: "") { text, scalar in
            text += isUnseen(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar != "\t" else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}

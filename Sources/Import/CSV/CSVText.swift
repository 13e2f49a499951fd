/// Writing CSV.
public enum CSVText {
    /// One record with its line break; a value is quoted where it has to be.
    public static func line(_ values: [String]) -> String {
        values.map(quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ value: String) -> String {
        guard value.utf8.contains(where: mustBeQuoted) else { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            if scalar == "\"" { text.unicodeScalars.append(scalar) }
            text.unicodeScalars.append(scalar)
        }
        text.unicodeScalars.append("\"")
        return text
    }

    private static func mustBeQuoted(_ byte: UInt8) -> Bool {
        byte == ASCII.quote || byte == ASCII.comma || byte == ASCII.lineFeed || byte == ASCII.carriageReturn
    }
}

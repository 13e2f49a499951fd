extension SQLValue {
    /// What `LIKE ? ESCAPE '\'` needs to find `part` anywhere in a text, whatever characters it has.
    public static func pattern(containing part: String) -> SQLValue {
        var pattern = "%"
        for character in part.unicodeScalars {
            if character == "%" || character == "_" || character == "\\" { pattern.unicodeScalars.append("\\") }
            pattern.unicodeScalars.append(character)
        }
        return .text(pattern + "%")
    }
}

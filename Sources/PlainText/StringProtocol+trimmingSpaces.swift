extension StringProtocol {
    /// Without the white space of any kind and the invisible characters at both ends.
    public var trimmingSpaces: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isOuterSpace }), let last = scalars.lastIndex(where: { !$0.isOuterSpace }) else {
            return ""
        }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}

extension Unicode.Scalar {
    /// Bytes of plain letters, which most are, are told without a look into Unicode's tables.
    fileprivate var isOuterSpace: Bool {
        if value > 0x20 && value < 0x7F { return false }
        return properties.isWhitespace || value == 0xFEFF || value == 0x200B
    }
}

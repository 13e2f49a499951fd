import PlainText

/// Several values in one cell.
struct ListText: Sendable {
    private let separators: Set<Character>

    /// Always separated by semicolons, bars and line breaks: commas stand inside names of substances.
    init(alsoSeparatedBy separator: String? = nil) {
        separators = Set(";|\n\r\r\n").union(["\r\n"]).union(separator ?? "")
    }

    /// The values in their order, each once; none where the cell says that there are none.
    func values(_ text: String) -> [String] {
        var seen: Set<String> = []
        return text.split(whereSeparator: separators.contains)
            .map(\.trimmingSpaces)
            .filter { !$0.isEmpty && !Self.isNone($0) && seen.insert($0.lowercased()).inserted }
    }

    /// Whether a text says that there is nothing: “None”, “NKDA”, “No known allergies”, “-”.
    static func isNone(_ text: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter }.joined(separator: " ")
        return words.isEmpty ? text.allSatisfy { !$0.isNumber } : none.contains(words)
    }

    private static let none: Set<String> = [
        "none", "none known", "none reported", "none recorded", "none documented", "nil", "nil known", "no", "n a", "na", "null",
        "not applicable", "nka", "nkda", "nkfa", "n k d a", "n k a", "no allergies", "no allergy", "no known allergies",
        "no known allergy", "no known drug allergies", "no known drug allergy", "no known food allergies", "no known medication allergies",
        "no drug allergies", "no known medical allergies", "denies", "denies allergies", "not known to have allergies",
    ]
}

import PlainText

/// What the words of a source mean: `--value status:Finished=COMPLETED`.
struct ValueMap: Sendable {
    private var ours: [String: [String: String]] = [:]

    init(_ rules: [String], kind: ImportKind) throws(ReadingError) {
        for rule in rules { try add(rule, kind) }
    }

    /// What a value of a field means: itself where nothing else was said.
    func meaning(of text: String, in field: String) -> String {
        ours[field]?[Self.folded(text)] ?? text
    }

    private mutating func add(_ rule: String, _ kind: ImportKind) throws(ReadingError) {
        guard let colon = rule.firstIndex(of: ":"), let equals = rule.lastIndex(of: "="), colon < equals else { throw .noValueRule(rule) }
        let name = rule[..<colon].trimmingSpaces
        let theirs = Self.folded(rule[rule.index(after: colon)..<equals].trimmingSpaces)
        let meant = rule[rule.index(after: equals)...].trimmingSpaces
        guard !name.isEmpty, !theirs.isEmpty else { throw .noValueRule(rule) }
        guard let field = kind.fields.first(where: { $0.name == name }) else { throw .unknownValueField(name, of: kind) }
        let known = try Self.checked(meant, field)
        guard ours[name, default: [:]].updateValue(known, forKey: theirs) == nil else { throw .valueMappedTwice(rule) }
    }

    /// A value that means nothing is as if it were not there.
    private static func checked(_ meant: String, _ field: ImportField) throws(ReadingError) -> String {
        guard case .choice(let choices) = field.form, !meant.isEmpty else { return meant }
        guard let choice = ChoiceText.choice(meant, among: choices) else {
            throw .noSuchChoice(field: field.name, value: meant, choices: choices)
        }
        return choice
    }

    private static func folded(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }
}

/// The names of an enumeration as people write them.
enum ChoiceText {
    /// In any case, with spaces, dashes or nothing in the place of underscores, and with one l in CANCELLED as in America.
    static func choice(_ text: String, among choices: [String]) -> String? {
        let folded = folded(text)
        return choices.first { Self.folded($0) == folded }
    }

    private static func folded(_ text: String) -> String {
        let letters = String(text.uppercased().filter { $0.isLetter || $0.isNumber })
        return letters.replacing("CANCELED", with: "CANCELLED")
    }
}

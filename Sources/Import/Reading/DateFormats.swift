import PlainText

/// Which forms dates were said to have: `--date-format dd/MM/yyyy`, `--date-format dob=MM/dd/yyyy`.
struct DateFormats: Sendable {
    private var all: [DatePattern] = []
    private var own: [String: [DatePattern]] = [:]

    init(_ rules: [String], kind: ImportKind) throws {
        for rule in rules { try add(rule, kind) }
    }

    /// Those of the field itself, or else those of all.
    func patterns(of field: String) -> [DatePattern] { own[field] ?? all }

    private mutating func add(_ rule: String, _ kind: ImportKind) throws {
        guard let equals = rule.firstIndex(of: "=") else {
            guard !rule.trimmingSpaces.isEmpty else { throw ReadingError.noDateFormat(rule) }
            all.append(try DatePattern(rule))
            return
        }
        let name = rule[..<equals].trimmingSpaces
        let pattern = rule[rule.index(after: equals)...].trimmingSpaces
        guard !pattern.isEmpty else { throw ReadingError.noDateFormat(rule) }
        guard kind.fields.contains(where: { $0.name == name && $0.isDate }) else { throw ReadingError.noDateField(name, of: kind) }
        own[name, default: []].append(try DatePattern(pattern))
    }
}

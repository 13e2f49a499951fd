/// What one row of the audit says: an entry, or several reads that were kept together, because a row and its place in the chain cost
/// more than the reading did.
///
/// Of several reads each column has the values in their order, with ``separator`` between; one value stands for all where it is the same
/// for all. `recorded_at` is the first one's; `fields`, which reads have none of, says how many milliseconds later each of them was, and
/// so how many there are.
struct AuditRow {
    let entries: [AuditEntry]

    /// No text has it: ``AuditEntry`` keeps it out.
    static let separator: Unicode.Scalar = "\u{1E}"

    static let columns =
        "recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields, result, reason"
    static let columnCount = 12
    /// Among ``columns``.
    private static let fieldsColumn = 9

    init(_ row: borrowing Row, from first: Int) {
        self.init((first..<first + Self.columnCount).map { row.value($0) })
    }

    /// As it is stored, in the order of ``columns``. What somebody has forged may have any type and any number.
    init(_ values: [SQLValue]) {
        let texts = values.map(Self.text)
        let recordedAt = if case .integer(let number)? = values.first { number } else { Int64(0) }
        let columns = texts.map(Self.split)
        let later = columns[Self.fieldsColumn]
        let isAlone = later.count == 1
        entries = later.indices.map { part in
            func text(_ column: Int) -> String { Self.value(part, of: columns[column]) }
            return AuditEntry(
                recordedAt: recordedAt &+ (isAlone ? 0 : Int64(later[part]) ?? 0), actor: text(1), role: text(2), address: text(3),
                correlationID: text(4), method: text(5), kind: text(6) == "change" ? .change : .read, patients: Self.words(text(7)),
                records: Self.words(text(8)), fields: isAlone ? Self.words(text(9)) : [], result: text(10), reason: text(11))
        }
    }

    /// How many entries a row has, none of which is made.
    static func entryCount(_ row: borrowing Row, from first: Int) -> Int {
        text(row.value(first + fieldsColumn)).utf8.count { $0 == UInt8(separator.value) } + 1
    }

    /// What a row says that was made by somebody else may be too short.
    private static func value(_ part: Int, of values: [String]) -> String {
        values.count == 1 ? values[0] : part < values.count ? values[part] : ""
    }

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .text(let text): text
        case .integer(let number): String(number)
        case .null, .real, .blob: ""
        }
    }

    private static func split(_ text: String) -> [String] {
        guard text.utf8.contains(UInt8(separator.value)) else { return [text] }
        return text.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}

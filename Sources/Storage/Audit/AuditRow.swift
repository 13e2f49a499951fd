/// What one row of the audit says: an entry, or several reads that were kept together, because a row and its place in the chain cost
/// more than the reading did.
///
/// Of several reads each column has the values in their order, with ``separator`` between; one value stands for all where it is the same
/// for all. `recorded_at` is the first one's; `fields`, which reads have none of, says how many milliseconds later each of them was, and
/// so how many there are.
struct AuditRow {
    let entries: [AuditEntry]

    /// No text has it: ``AuditEntry`` keeps it out.
    private static let separator: Unicode.Scalar = "\u{1E}"
    /// Entries and patients of a row at most: whoever looks for one reads all of it.
    private static let mostEntries = 128
    private static let mostPatients = 1_024

    static let columns =
        "recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields, result, reason"
    static let columnCount = 12

    init(_ entries: [AuditEntry]) {
        self.entries = entries
    }

    /// Puts answered reads together, as many as a row takes. Whatever else there is has a row of its own, which an index finds.
    static func rows(of entries: [AuditEntry]) -> [AuditRow] {
        var rows = entries.filter { !$0.isAnsweredRead }.map { AuditRow([$0]) }
        var together: [AuditEntry] = []
        var patients = 0
        for entry in entries where entry.isAnsweredRead {
            if together.count == mostEntries || !together.isEmpty && patients + entry.patients.count > mostPatients {
                rows.append(AuditRow(together))
                (together, patients) = ([], 0)
            }
            together.append(entry)
            patients += entry.patients.count
        }
        if !together.isEmpty { rows.append(AuditRow(together)) }
        return rows
    }

    /// As it is stored, in the order of ``columns``.
    var values: [SQLValue] {
        let first = entries[0].recordedAt
        return [
            .integer(first), column(\.actor), column(\.role), column(\.address), column(\.correlationID), column(\.method),
            .text(entries[0].kind.rawValue), column(\.patients), column(\.records), fields(since: first), column(\.result),
            column(\.reason),
        ]
    }

    private func fields(since first: Int64) -> SQLValue {
        guard entries.count > 1 else { return column(\.fields) }
        return .text(Self.join(entries.map { String($0.recordedAt - first) }))
    }

    private func column(_ ids: KeyPath<AuditEntry, [String]>) -> SQLValue {
        .text(Self.text(entries.map { $0[keyPath: ids].joined(separator: " ") }))
    }

    private func column(_ text: KeyPath<AuditEntry, String>) -> SQLValue {
        .text(Self.text(entries.map { $0[keyPath: text] }))
    }

    private static func text(_ values: [String]) -> String {
        let values = values.map { $0.utf8.contains(UInt8(separator.value)) ? $0.replacing(String(separator), with: " ") : $0 }
        return values.dropFirst().allSatisfy { $0 == values[0] } ? values[0] : join(values)
    }

    private static func join(_ values: [String]) -> String {
        values.joined(separator: String(separator))
    }

    init(_ row: borrowing Row, from first: Int) {
        let later = Self.split(row.text(first + 9))
        let columns = (first..<first + Self.columnCount).map { $0 == first ? [] : Self.split(row.text($0)) }
        let (recordedAt, isAlone) = (row.int64(first), later.count == 1)
        entries = later.indices.map { part in
            func text(_ column: Int) -> String { Self.value(part, of: columns[column]) }
            return AuditEntry(
                recordedAt: recordedAt + (isAlone ? 0 : Int64(later[part]) ?? 0), actor: text(1), role: text(2), address: text(3),
                correlationID: text(4), method: text(5), kind: text(6) == "change" ? .change : .read, patients: Self.words(text(7)),
                records: Self.words(text(8)), fields: isAlone ? Self.words(text(9)) : [], result: text(10), reason: text(11))
        }
    }

    /// What a row says that was made by somebody else may be too short.
    private static func value(_ part: Int, of values: [String]) -> String {
        values.count == 1 ? values[0] : part < values.count ? values[part] : ""
    }

    private static func split(_ text: String) -> [String] {
        guard text.utf8.contains(UInt8(separator.value)) else { return [text] }
        return text.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}

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
    /// Among ``columns``.
    private static let fieldsColumn = 9

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
        var texts = [AuditColumn](repeating: AuditColumn(separator: Self.separator), count: 10)
        let (first, isAlone) = (entries[0].recordedAt, entries.count == 1)
        // One pass: an entry is much to copy.
        for entry in entries {
            texts[0].append(entry.actor)
            texts[1].append(entry.role)
            texts[2].append(entry.address)
            texts[3].append(entry.correlationID)
            texts[4].append(entry.method)
            texts[5].append(entry.patients.joined(separator: " "))
            texts[6].append(entry.records.joined(separator: " "))
            texts[7].append(isAlone ? entry.fields.joined(separator: " ") : String(entry.recordedAt - first))
            texts[8].append(entry.result)
            texts[9].append(entry.reason)
        }
        let fields = isAlone ? texts[7].text : texts[7].textOfEach
        return [.integer(first)] + texts[..<5].map { .text($0.text) } + [.text(entries[0].kind.rawValue)]
            + texts[5..<7].map { .text($0.text) } + [.text(fields)] + texts[8...].map { .text($0.text) }
    }

    init(_ row: borrowing Row, from first: Int) {
        let later = Self.split(row.text(first + Self.fieldsColumn))
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

    /// How many entries a row has, none of which is made.
    static func entryCount(_ row: borrowing Row, from first: Int) -> Int {
        row.text(first + fieldsColumn).utf8.count { $0 == UInt8(separator.value) } + 1
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

/// A column of a row: the values of its entries, one for all where they are the same.
private struct AuditColumn {
    private let separator: UInt8
    private var first: String?
    private var isSame = true
    private var count = 0
    /// From the second value on, each behind a separator.
    private var others: [UInt8] = []

    init(separator: Unicode.Scalar) {
        self.separator = UInt8(separator.value)
    }

    mutating func append(_ value: String) {
        count += 1
        guard let first else {
            first = Self.without(separator, value)
            return
        }
        if isSame, value.utf8.elementsEqual(first.utf8) { return }
        if isSame {
            isSame = false
            for _ in 0..<count - 2 { add(first) }
        }
        add(Self.without(separator, value))
    }

    private mutating func add(_ value: String) {
        others.append(separator)
        others.append(contentsOf: value.utf8)
    }

    var text: String { isSame ? first ?? "" : whole(others) }

    /// With a value for each entry, though they be the same.
    var textOfEach: String {
        guard isSame, let first else { return text }
        var column = self
        for _ in 0..<count - 1 { column.add(first) }
        return column.whole(column.others)
    }

    private func whole(_ others: [UInt8]) -> String { (first ?? "") + String(decoding: others, as: UTF8.self) }

    private static func without(_ separator: UInt8, _ value: String) -> String {
        value.utf8.contains(separator) ? value.replacing(String(UnicodeScalar(separator)), with: " ") : value
    }
}

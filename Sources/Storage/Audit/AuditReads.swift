/// Reads that wait to be kept, put together into the rows of which they will be: see ``AuditRow``. An entry is much to keep and to copy,
/// and so each is put into its row when it comes.
public struct AuditReads: Sendable {
    /// Those that are full, in the order of ``AuditRow/columns``.
    private var full: [[SQLValue]] = []
    private var last = AuditRowText()
    public private(set) var count = 0

    /// Entries and patients of a row at most: whoever looks for one reads all of it.
    private static let mostEntries = 128
    private static let mostPatients = 1_024

    public init(_ reads: some Sequence<AuditEntry> = []) {
        for read in reads { append(read) }
    }

    public var isEmpty: Bool { count == 0 }

    /// Takes an answered read.
    public mutating func append(_ read: AuditEntry) {
        if last.count == Self.mostEntries || last.count > 0 && last.patients + read.patients.count > Self.mostPatients {
            full.append(last.values)
            last = AuditRowText()
        }
        last.append(read)
        count += 1
    }

    /// As they are stored.
    var rows: [[SQLValue]] { last.count == 0 ? full : full + [last.values] }

    /// A text as it is kept: without what stands between those of several entries.
    public static func withoutSeparator(_ value: String) -> String {
        let bytes = value.utf8Span.span
        // To the end in any case: many bytes are looked at together then.
        var isThere = false
        for place in bytes.indices { isThere = isThere || bytes[place] == UInt8(AuditRow.separator.value) }
        return isThere ? value.replacing(String(AuditRow.separator), with: " ") : value
    }

    /// One by one, for the log.
    public var entries: [AuditEntry] { rows.flatMap { AuditRow($0).entries } }
}

/// A row in the making.
struct AuditRowText {
    private(set) var count = 0
    private(set) var patients = 0
    private var recordedAt: Int64 = 0
    private var kind = AuditEntry.Kind.read
    private var actor = AuditColumn()
    private var role = AuditColumn()
    private var address = AuditColumn()
    private var correlationID = AuditColumn()
    private var method = AuditColumn()
    private var patientIDs = AuditColumn()
    private var recordIDs = AuditColumn()
    /// Of the first entry, which may be alone.
    private var fields = AuditColumn()
    /// How much later than the first each was.
    private var milliseconds: [Int64] = []
    private var result = AuditColumn()
    private var reason = AuditColumn()

    init() {}

    /// A row of its own.
    init(_ entry: AuditEntry) {
        append(entry)
    }

    mutating func append(_ entry: AuditEntry) {
        if count == 0 {
            (recordedAt, kind) = (entry.recordedAt, entry.kind)
            fields.append(Self.words(entry.fields))
        }
        count += 1
        patients += entry.patients.count
        actor.append(entry.actor)
        role.append(entry.role)
        address.append(entry.address)
        correlationID.append(entry.correlationID)
        method.append(entry.method)
        patientIDs.append(Self.words(entry.patients))
        recordIDs.append(Self.words(entry.records))
        milliseconds.append(entry.recordedAt &- recordedAt)
        result.append(entry.result)
        reason.append(entry.reason)
    }

    /// As it is stored, in the order of ``AuditRow/columns``.
    var values: [SQLValue] {
        [
            .integer(recordedAt), .text(actor.text), .text(role.text), .text(address.text), .text(correlationID.text), .text(method.text),
            .text(kind.rawValue), .text(patientIDs.text), .text(recordIDs.text), .text(count == 1 ? fields.text : offsets),
            .text(result.text), .text(reason.text),
        ]
    }

    /// One for each, though they be the same.
    private var offsets: String { milliseconds.map { String($0) }.joined(separator: String(UnicodeScalar(AuditRow.separator))) }

    private static func words(_ words: [String]) -> String {
        words.count == 1 ? words[0] : words.joined(separator: " ")
    }
}

/// A column of a row: the values of its entries, one for all where they are the same.
private struct AuditColumn {
    private var first = ""
    private var isSame = true
    private var count = 0
    /// From the second value on, each behind a separator.
    private var others: [UInt8] = []

    private static let separator = UInt8(AuditRow.separator.value)

    mutating func append(_ value: String) {
        count += 1
        if count == 1 {
            first = AuditReads.withoutSeparator(value)
            return
        }
        if isSame {
            if Self.areSame(value, first) { return }
            isSame = false
            for _ in 0..<count - 2 { add(first) }
        }
        add(AuditReads.withoutSeparator(value))
    }

    private mutating func add(_ value: String) {
        others.append(Self.separator)
        others.append(contentsOf: value.utf8)
    }

    var text: String { isSame ? first : first + String(decoding: others, as: UTF8.self) }

    /// Mostly they are one and the same text, which is seen without looking at it. What is written in other scalars is another one.
    private static func areSame(_ one: String, _ other: String) -> Bool {
        one == other && one.utf8.count == other.utf8.count
    }
}

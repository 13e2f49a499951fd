/// What was read or changed by one call, and by whom. It names people by ids alone, and fields without what they hold.
public struct AuditEntry: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case read
        case change
    }

    /// UTC milliseconds, by the real clock.
    public var recordedAt: Int64
    /// The subject of the caller's token.
    public var actor: String
    public var role: String
    public var address: String
    public var correlationID: String
    /// `hms.patient.v1.PatientService/GetPatient`.
    public var method: String
    public var kind: Kind
    /// The ids of the patients that the request or the answer named.
    public var patients: [String]
    /// The ids of other records that they named.
    public var records: [String]
    /// The names of the fields that were changed, or set where the record is new.
    public var fields: [String]
    /// ``answered``, ``begun``, ``replayed``, ``emergency``, or the code of the refusal: `PERMISSION_DENIED`.
    public var result: String
    /// Why the caller says that he needs it; empty where he said nothing.
    public var reason: String

    public init(
        recordedAt: Int64, actor: String, role: String, address: String, correlationID: String, method: String, kind: Kind,
        patients: [String] = [], records: [String] = [], fields: [String] = [], result: String = "OK", reason: String = ""
    ) {
        self.recordedAt = recordedAt
        self.actor = actor
        self.role = role
        self.address = address
        self.correlationID = correlationID
        self.method = method
        self.kind = kind
        self.patients = patients
        self.records = records
        self.fields = fields
        self.result = result
        self.reason = reason
    }
}

extension AuditEntry {
    /// The call was answered.
    public static let answered = "OK"
    /// The first of several writes of a call is done; how it ended is another entry.
    public static let begun = "BEGUN"
    /// The answer of an earlier call was given again.
    public static let replayed = "REPLAYED"
    /// A doctor who said why was answered, though he does not treat whom he has read.
    public static let emergency = "EMERGENCY_ACCESS"

    /// Whether a doctor has broken the glass.
    public var isEmergency: Bool { result == Self.emergency }

    static let columns =
        "recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields, result, reason"
    static let columnCount = 12

    /// As it is stored, in the order of ``columns``.
    var values: [SQLValue] {
        [
            .integer(recordedAt), .text(actor), .text(role), .text(address), .text(correlationID), .text(method), .text(kind.rawValue),
            .text(patients.joined(separator: " ")), .text(records.joined(separator: " ")), .text(fields.joined(separator: " ")),
            .text(result), .text(reason),
        ]
    }

    init(_ row: borrowing Row, from first: Int) {
        self.init(
            recordedAt: row.int64(first), actor: row.text(first + 1), role: row.text(first + 2), address: row.text(first + 3),
            correlationID: row.text(first + 4), method: row.text(first + 5), kind: row.text(first + 6) == "change" ? .change : .read,
            patients: Self.words(row.text(first + 7)), records: Self.words(row.text(first + 8)), fields: Self.words(row.text(first + 9)),
            result: row.text(first + 10), reason: row.text(first + 11))
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}

extension Transaction {
    /// Records what this transaction does, or what was read before it: it is there when the transaction is.
    public func record(_ entry: AuditEntry) throws {
        try enqueue(
            """
            INSERT INTO hms_audit (recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields, result, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, entry.values)
    }
}

extension Reader {
    /// Calls `body` with the entries of a service from the oldest on, each with its number, until it returns `false`.
    ///
    /// - Parameter service: the schema, where databases stand side by side; nil for the reader's own database.
    public func forEachAuditEntry(of service: String? = nil, _ body: (_ sequence: Int64, AuditEntry) throws -> Bool) throws {
        let table = service.map { "\($0).hms_audit" } ?? "hms_audit"
        try forEachRow("SELECT sequence, \(AuditEntry.columns) FROM \(table) WHERE sequence > 0 ORDER BY sequence") { row in
            try body(row.int64(0), AuditEntry(row, from: 1))
        }
    }
}

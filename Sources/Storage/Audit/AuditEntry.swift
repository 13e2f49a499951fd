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

    /// Whether nothing is to be said of it but that it was: such are kept many together.
    public var isAnsweredRead: Bool { kind == .read && result == Self.answered }
}

extension Transaction {
    /// Records what this transaction does, or what was read before it: it is there when the transaction is.
    public func record(_ entry: AuditEntry) throws {
        try record(AuditRowText(entry).values)
    }

    /// Records what was read before this transaction, together in few rows.
    public func record(_ reads: AuditReads) throws {
        for row in reads.rows { try record(row) }
    }

    private func record(_ row: [SQLValue]) throws {
        try enqueue(
            """
            INSERT INTO hms_audit (recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields, result, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, row)
    }
}

import Crypto

/// A place in a service's chain of audit entries, and the hash of everything up to it.
public struct AuditHead: Hashable, Sendable {
    public let place: Int64
    public let hash: [UInt8]

    public init(place: Int64, hash: [UInt8]) {
        self.place = place
        self.hash = hash
    }

    init(_ row: borrowing Row) {
        self.init(place: row.int64(0), hash: row.blob(1))
    }

    /// Before the first entry.
    static let start = AuditHead(place: 0, hash: [UInt8](repeating: 0, count: 32))

    /// The next place: SHA-256 over the hash before it, the place, the entry's number and all that the entry says.
    func next(_ sequence: Int64, _ values: [SQLValue]) -> AuditHead {
        var bytes: [UInt8] = []
        // As most entries are: it need not grow.
        bytes.reserveCapacity(640)
        for value in [.blob(hash), .integer(place &+ 1), .integer(sequence)] + values { bytes.appendForSum(value) }
        return AuditHead(place: place &+ 1, hash: Array(SHA256.hash(data: bytes)))
    }
}

extension Database {
    /// Entries that one write chains at most.
    private static let sealedAtOnce = 2_000

    /// Gives the entries that have none yet their places in the chain, in the order of their numbers; answers the head.
    ///
    /// Entries are written without a hash, so that bookings and reads need not wait for one another to have an order. Of all processes
    /// of a service one seals, under a lease; of two at once one fails, because they want the same place.
    public func sealAudit() async throws -> AuditHead {
        while true {
            let (head, pending) = try await read { reader in (try reader.auditHead(), try reader.hasUnsealedEntries()) }
            guard pending else { return head }
            let count = try await write { try $0.sealEntries(limit: Self.sealedAtOnce) }
            if count < Self.sealedAtOnce { return try await read { try $0.auditHead() } }
        }
    }
}

extension Reader {
    /// Where the chain ends.
    public func auditHead() throws -> AuditHead {
        try row("SELECT place, hash FROM hms_audit_chain WHERE place > 0 ORDER BY place DESC LIMIT 1", [], AuditHead.init)
            ?? row("SELECT place, hash FROM hms_audit_purges WHERE place > 0 ORDER BY place DESC LIMIT 1", [], AuditHead.init) ?? .start
    }

    fileprivate func hasUnsealedEntries() throws -> Bool {
        let first = try firstThatMayBeUnsealed()
        return try exists(
            """
            SELECT 1 FROM hms_audit a WHERE a.sequence > ?
                AND NOT EXISTS (SELECT 1 FROM hms_audit_chain c WHERE c.sequence > ? AND c.sequence = a.sequence)
            """, [.integer(first), .integer(first)])
    }

    /// Transactions that run at the same time commit in another order than they take numbers: one may come late, but not by thousands.
    /// Where there is one writer none does, but some may have come with a copy. All that is looked at again costs every read its part.
    fileprivate func firstThatMayBeUnsealed() throws -> Int64 {
        let last = try row("SELECT max(sequence) FROM hms_audit_chain") { $0.int64OrNil(0) ?? 0 } ?? 0
        return AuditHead.lastThatIsSealed(before: last, dialect)
    }
}

extension AuditHead {
    /// Up to which number nobody looks any more for entries that have no place, where the highest number that has one is `last`.
    static func lastThatIsSealed(before last: Int64, _ dialect: SQLDialect) -> Int64 {
        let latest: Int64 =
            switch dialect {
            case .sqlite: 500
            case .postgres: 10_000
            }
        return last < .min + latest ? .min : last - latest
    }
}

extension Transaction {
    fileprivate func sealEntries(limit: Int) throws -> Int {
        var head = try auditHead()
        let first = try firstThatMayBeUnsealed()
        let entries = try rows(
            """
            SELECT a.sequence, a.recorded_at, a.actor, a.role, a.address, a.correlation_id, a.method, a.kind, a.patients, a.records,
                a.fields, a.result, a.reason FROM hms_audit a
            WHERE a.sequence > ? AND NOT EXISTS (SELECT 1 FROM hms_audit_chain c WHERE c.sequence > ? AND c.sequence = a.sequence)
            ORDER BY a.sequence LIMIT ?
            """, [.integer(first), .integer(first), SQLValue(limit)]
        ) { row in (sequence: row.int64(0), values: (1...AuditRow.columnCount).map { row.value($0) }) }
        for entry in entries {
            head = head.next(entry.sequence, entry.values)
            try enqueue(
                "INSERT INTO hms_audit_chain (place, sequence, hash) VALUES (?, ?, ?)",
                [.integer(head.place), .integer(entry.sequence), .blob(head.hash)])
        }
        return entries.count
    }
}

/// What became of a service's audit: how much was looked at, and what is not as it was written.
public struct AuditFindings: Hashable, Sendable {
    public var entries = 0
    /// Entries that wait for their places in the chain, as those of the last second do.
    public var unsealed = 0
    /// Entries up to this place were forgotten by their age.
    public var purgedThrough: Int64 = 0
    public var head: AuditHead
    public var anchors = 0
    /// One sentence each; empty where all is as it was written.
    public var breaches: [String] = []
}

extension Reader {
    /// Goes through the chain from its beginning, or from the last purge, to its end.
    ///
    /// - Parameters:
    ///   - service: the schema, where databases stand side by side; nil for the reader's own database.
    ///   - anchors: heads that were written down elsewhere.
    ///   - instant: entries that were recorded since then may not be forgotten yet, in UTC milliseconds.
    public func verifyAudit(
        of service: String? = nil, against anchors: [AuditAnchor], keptSince instant: Int64 = .max
    ) throws -> AuditFindings {
        try AuditVerification(self, service.map { "\($0)." } ?? "", anchors, keptSince: instant).findings()
    }
}

private struct AuditVerification {
    /// An entry that is dated this much before one that was chained earlier was written later than it says, in milliseconds.
    static let disorder: Int64 = 300_000
    /// Breaches beyond these are one more sentence.
    static let told = 100

    private let reader: Reader
    private let schema: String
    private let anchors: [Int64: Set<[UInt8]>]
    private let anchorCount: Int
    /// The first of those that must still be there; nil where there is none.
    private let firstKept: Int64?

    init(_ reader: Reader, _ schema: String, _ anchors: [AuditAnchor], keptSince instant: Int64) {
        self.reader = reader
        self.schema = schema
        self.anchors = anchors.reduce(into: [:]) { $0[$1.head.place, default: []].insert($1.head.hash) }
        anchorCount = anchors.count
        firstKept = anchors.filter { $0.recordedAt ?? .min >= instant }.map(\.head.place).min()
    }

    func findings() throws -> AuditFindings {
        let start = try checkpoint()
        var findings = AuditFindings(purgedThrough: start.place, head: start, anchors: anchorCount)
        var breaches: [String] = []
        compare(start, &breaches)
        requireAge(of: start, &breaches)
        var latest: Int64?
        try reader.forEachRow(
            """
            SELECT c.place, c.sequence, c.hash, a.recorded_at, a.actor, a.role, a.address, a.correlation_id, a.method, a.kind, a.patients,
                a.records, a.fields, a.result, a.reason
            FROM \(schema)hms_audit_chain c LEFT JOIN \(schema)hms_audit a ON a.sequence = c.sequence WHERE c.place > ? ORDER BY c.place
            """, [.integer(start.place)]
        ) { row in
            let (link, sequence) = (AuditHead(place: row.int64(0), hash: row.blob(2)), row.int64(1))
            if link.place != findings.head.place + 1 {
                breaches.append("the chain has a gap: places \(findings.head.place + 1) to \(link.place - 1) are gone")
            } else if row.isNull(3) {
                breaches.append("entry \(sequence), place \(link.place), was deleted")
            } else {
                let values = (3..<3 + AuditRow.columnCount).map { row.value($0) }
                if findings.head.next(sequence, values) != link {
                    breaches.append("entry \(sequence), place \(link.place), is not what was written there")
                }
            }
            if !row.isNull(3) {
                let recordedAt = row.int64(3)
                if let latest, recordedAt < latest - Self.disorder { breaches.append("entry \(sequence) is dated before it was written") }
                latest = max(latest ?? recordedAt, recordedAt)
                findings.entries += AuditRow.entryCount(row, from: 3)
            }
            compare(link, &breaches)
            findings.head = link
            return true
        }
        requireEnd(findings.head, &breaches)
        findings.unsealed = try unsealed(before: latest, &breaches)
        findings.breaches = breaches.count > Self.told ? breaches.prefix(Self.told) + ["and \(breaches.count - Self.told) more"] : breaches
        return findings
    }

    /// Where the last purge has left the chain.
    private func checkpoint() throws -> AuditHead {
        try reader.row("SELECT place, hash FROM \(schema)hms_audit_purges WHERE place > 0 ORDER BY place DESC LIMIT 1") {
            AuditHead(place: $0.int64(0), hash: $0.blob(1))
        } ?? .start
    }

    /// Whoever deletes entries can write down that they were old. What is written down elsewhere tells how old they were.
    private func requireAge(of purged: AuditHead, _ breaches: inout [String]) {
        guard let firstKept, firstKept <= purged.place else { return }
        breaches.append("entries were forgotten before their time: place \(firstKept) was anchored, and is not old enough")
    }

    private func compare(_ link: AuditHead, _ breaches: inout [String]) {
        guard let anchored = anchors[link.place], anchored != [link.hash] else { return }
        breaches.append("the chain was written anew: place \(link.place) is not what was anchored")
    }

    private func requireEnd(_ head: AuditHead, _ breaches: inout [String]) {
        guard let last = anchors.keys.max(), last > head.place else { return }
        breaches.append("the end was cut off: place \(last) was anchored, and the chain ends at \(head.place)")
    }

    /// What has no place is new, or was put in beside the service.
    private func unsealed(before latest: Int64?, _ breaches: inout [String]) throws -> Int {
        var count = 0
        try reader.forEachRow(
            """
            SELECT a.sequence, a.recorded_at FROM \(schema)hms_audit a
            WHERE a.sequence > 0 AND NOT EXISTS (SELECT 1 FROM \(schema)hms_audit_chain c WHERE c.sequence = a.sequence) ORDER BY a.sequence
            """
        ) { row in
            count += 1
            guard let latest, row.int64(1) < latest - Self.disorder else { return true }
            breaches.append("entry \(row.int64(0)) has no place in the chain, and is older than those that have")
            return true
        }
        return count
    }
}

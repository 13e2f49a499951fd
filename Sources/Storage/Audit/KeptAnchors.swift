extension Database {
    /// Forgets heads of other services' chains that were kept before `instant` (UTC milliseconds), but for the newest of each service;
    /// answers how many. The database refuses it for those of the last day.
    @discardableResult
    public func purgeAnchors(keptBefore instant: Int64) async throws -> Int {
        var purged = 0
        while true {
            let count = try await write { try $0.purgeAnchors(keptBefore: instant) }
            purged += count
            if count < purgeChunk { return purged }
        }
    }
}

extension Transaction {
    /// Keeps how far another service's chain has come. Two hashes of one place are both kept: they contradict each other.
    ///
    /// - Parameter now: UTC milliseconds.
    public func keepAnchor(_ anchor: AuditAnchor, of service: String, at now: Int64) throws {
        try execute(
            """
            INSERT INTO hms_audit_anchors (service, place, hash, kept_at, recorded_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (service, place, hash) DO NOTHING
            """,
            [
                .text(service), .integer(anchor.head.place), .blob(anchor.head.hash), .integer(now),
                anchor.recordedAt.map(SQLValue.integer) ?? .null,
            ])
    }

    fileprivate func purgeAnchors(keptBefore instant: Int64) throws -> Int {
        try execute(
            """
            DELETE FROM hms_audit_anchors WHERE (service, place, hash) IN (
                SELECT o.service, o.place, o.hash FROM hms_audit_anchors o
                WHERE o.kept_at < ? AND EXISTS (SELECT 1 FROM hms_audit_anchors n WHERE n.service = o.service AND n.place > o.place)
                ORDER BY o.kept_at LIMIT ?)
            """, [.integer(instant), SQLValue(purgeChunk)])
    }
}

extension Reader {
    /// How far the chains of other services had come when they told of it, by the service.
    ///
    /// - Parameter keeper: the schema of the one that keeps them, where databases stand side by side; nil for the reader's own database.
    public func writtenAnchors(in keeper: String? = nil) throws -> [String: [WrittenAnchor]] {
        let table = keeper.map { "\($0).hms_audit_anchors" } ?? "hms_audit_anchors"
        var kept: [String: [WrittenAnchor]] = [:]
        try forEachRow(
            "SELECT service, place, hash, kept_at, recorded_at FROM \(table) WHERE service > '' ORDER BY service, place"
        ) { row in
            let anchor = AuditAnchor(AuditHead(place: row.int64(1), hash: row.blob(2)), recordedAt: row.int64OrNil(4))
            kept[row.text(0), default: []].append(WrittenAnchor(anchor, writtenAt: row.int64(3)))
            return true
        }
        return kept
    }

    /// The same of the reader's own database, without the times.
    public func keptAnchors() throws -> [String: [AuditAnchor]] {
        try writtenAnchors().mapValues { $0.map(\.anchor) }
    }
}

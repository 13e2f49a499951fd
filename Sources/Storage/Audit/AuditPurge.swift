extension Database {
    /// Forgets the entries recorded before `instant` (UTC milliseconds), from the beginning of the chain on; answers how many.
    ///
    /// Where the chain goes on is written down first, with the hash of all that is forgotten; nothing else may be deleted.
    @discardableResult
    public func purgeAudit(recordedBefore instant: Int64, at now: Int64) async throws -> Int {
        var purged = 0
        while true {
            let count = try await write { try $0.purgeEntries(recordedBefore: instant, at: now) }
            purged += count
            if count < purgeChunk { return purged }
        }
    }
}

extension Transaction {
    fileprivate func purgeEntries(recordedBefore instant: Int64, at now: Int64) throws -> Int {
        var last: AuditHead?
        var count = 0
        try forEachRow(
            """
            SELECT c.place, c.hash, a.recorded_at FROM hms_audit_chain c JOIN hms_audit a ON a.sequence = c.sequence
            WHERE c.place > 0 ORDER BY c.place LIMIT ?
            """, [SQLValue(purgeChunk)]
        ) { row in
            guard row.int64(2) < instant else { return false }
            last = AuditHead(place: row.int64(0), hash: row.blob(1))
            count += 1
            return true
        }
        guard let last else { return 0 }
        try execute(
            "INSERT INTO hms_audit_purges (place, hash, purged_at) VALUES (?, ?, ?)",
            [.integer(last.place), .blob(last.hash), .integer(now)])
        try execute(
            "DELETE FROM hms_audit WHERE sequence IN (SELECT c.sequence FROM hms_audit_chain c WHERE c.place <= ?)", [.integer(last.place)])
        try execute("DELETE FROM hms_audit_chain WHERE place <= ?", [.integer(last.place)])
        return count
    }
}

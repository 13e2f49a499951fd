extension Reader {
    /// Calls `body` with the entries of this database from the newest on, each with its number.
    ///
    /// - Parameter end: the number before which it begins; nil begins with the newest.
    public func forEachAuditEntry(before end: Int64?, limit: Int, _ body: (_ sequence: Int64, AuditEntry) throws -> Void) throws {
        try forEachEntry(
            "SELECT sequence, \(AuditEntry.columns) FROM hms_audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?", end, limit, body)
    }

    /// The same of emergency access only.
    public func forEachEmergency(before end: Int64?, limit: Int, _ body: (_ sequence: Int64, AuditEntry) throws -> Void) throws {
        try forEachEntry(
            """
            SELECT sequence, \(AuditEntry.columns) FROM hms_audit WHERE result = 'EMERGENCY_ACCESS' AND sequence < ?
            ORDER BY sequence DESC LIMIT ?
            """, end, limit, body)
    }

    private func forEachEntry(
        _ statement: String, _ end: Int64?, _ limit: Int, _ body: (_ sequence: Int64, AuditEntry) throws -> Void
    ) throws {
        try forEachRow(statement, [.integer(end ?? .max), SQLValue(limit)]) { row in
            try body(row.int64(0), AuditEntry(row, from: 1))
            return true
        }
    }
}

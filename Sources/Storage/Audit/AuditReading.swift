extension Reader {
    /// Calls `body` with the entries of a service from the oldest on, each with its number, until it returns `false`.
    ///
    /// - Parameter service: the schema, where databases stand side by side; nil for the reader's own database.
    public func forEachAuditEntry(of service: String? = nil, _ body: (AuditNumber, AuditEntry) throws -> Bool) throws {
        let table = service.map { "\($0).hms_audit" } ?? "hms_audit"
        try forEachRow("SELECT sequence, \(AuditRow.columns) FROM \(table) WHERE sequence >= ? ORDER BY sequence", [.integer(.min)]) {
            row in
            let sequence = row.int64(0)
            for (part, entry) in AuditRow(row, from: 1).entries.enumerated() {
                guard try body(AuditNumber(sequence: sequence, part: part), entry) else { return false }
            }
            return true
        }
    }

    /// Calls `body` with entries of this database from the newest on, each with its number, until it returns `false`.
    ///
    /// - Parameters:
    ///   - end: the number before which it begins; nil begins with the newest.
    ///   - limit: how many rows are looked at.
    /// - Returns: whether there may be others.
    public func forEachAuditEntry(
        before end: AuditNumber?, limit: Int, _ body: (AuditNumber, AuditEntry) throws -> Bool
    ) throws -> Bool {
        try forEachEntry(
            "SELECT sequence, \(AuditRow.columns) FROM hms_audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?", end, limit, body)
    }

    /// The same of emergency access only.
    public func forEachEmergency(
        before end: AuditNumber?, limit: Int, _ body: (AuditNumber, AuditEntry) throws -> Bool
    ) throws -> Bool {
        try forEachEntry(
            """
            SELECT sequence, \(AuditRow.columns) FROM hms_audit WHERE result = 'EMERGENCY_ACCESS' AND sequence < ?
            ORDER BY sequence DESC LIMIT ?
            """, end, limit, body)
    }

    private func forEachEntry(
        _ statement: String, _ end: AuditNumber?, _ limit: Int, _ body: (AuditNumber, AuditEntry) throws -> Bool
    ) throws -> Bool {
        let end = end ?? AuditNumber(sequence: .max)
        var (rows, isStopped) = (0, false)
        // Of the row of the end itself are those parts that stand before it.
        try forEachRow(statement, [.integer(end.part > 0 && end.sequence < .max ? end.sequence + 1 : end.sequence), SQLValue(limit)]) {
            row in
            rows += 1
            let sequence = row.int64(0)
            for (part, entry) in AuditRow(row, from: 1).entries.enumerated().reversed() {
                let number = AuditNumber(sequence: sequence, part: part)
                guard number < end else { continue }
                isStopped = try !body(number, entry)
                if isStopped { return false }
            }
            return true
        }
        return isStopped || rows == limit
    }
}

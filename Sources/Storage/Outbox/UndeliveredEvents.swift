extension Reader {
    /// How many of these events `subscriber` has not taken: those not tried yet, those that wait for another try, and
    /// those that were given up.
    ///
    /// - Parameter sequences: as ``Transaction/publishPlaced(_:)`` has answered them.
    public func countUndelivered(_ sequences: [Int64], to subscriber: String) throws -> Int {
        guard !sequences.isEmpty else { return 0 }
        let position =
            try row("SELECT position FROM hms_outbox_cursors WHERE subscriber = ?", [.text(subscriber)]) { $0.int64(0) } ?? 0
        return try sequences.count { sequence in
            if sequence > position { return true }
            let key: [SQLValue] = [.text(subscriber), .integer(sequence)]
            return try exists("SELECT 1 FROM hms_outbox_held WHERE subscriber = ? AND sequence = ?", key)
                || exists("SELECT 1 FROM hms_outbox_dead WHERE subscriber = ? AND sequence = ?", key)
        }
    }
}

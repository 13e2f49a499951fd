extension Reader {
    /// How far clocks may have stood wrong, in milliseconds.
    private static let wrongness: Int64 = 3_600_000
    /// One entry with a wrong time misleads nobody where its neighbours are asked, too.
    private static let neighbours = 5

    /// The number behind which no entry was recorded before `instant` (UTC milliseconds), unless a clock stood wrong by more than an
    /// hour; nil where the newest may have been.
    ///
    /// Numbers rise with time, but for moments, so that it is found by halving: a month of last year costs no look at all since.
    public func auditEnd(recordedBefore instant: Int64) throws -> AuditNumber? {
        let (limit, isBeyond) = instant.addingReportingOverflow(Self.wrongness)
        guard !isBeyond else { return nil }
        var (low, high) = (Int64.min, Int64.max)
        var end: Int64?
        while low < high {
            let middle = low &+ Int64(UInt64(bitPattern: high &- low) / 2)
            if let first = try firstOfLater(than: limit, upTo: middle), first > low {
                (end, high) = (first, first - 1)
            } else {
                low = middle + 1
            }
        }
        return end.map { AuditNumber(sequence: $0) }
    }

    /// The lowest number of the entries next to `number`, if all of them were recorded at `instant` or later.
    private func firstOfLater(than instant: Int64, upTo number: Int64) throws -> Int64? {
        let next = try rows(
            "SELECT sequence, recorded_at FROM hms_audit WHERE sequence <= ? ORDER BY sequence DESC LIMIT ?",
            [.integer(number), SQLValue(Self.neighbours)]
        ) { (number: $0.int64(0), recordedAt: $0.int64(1)) }
        return next.allSatisfy { $0.recordedAt >= instant } ? next.last?.number : nil
    }
}

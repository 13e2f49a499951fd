/// What one pass over a service's audit has found in itself. Each entry is read once, in the order of the chain; what is kept of all of
/// them is little, however many there are.
public struct AuditPass: Sendable {
    /// An entry that is dated this much before one that was chained earlier was written later than it says, in milliseconds.
    static let disorder: Int64 = 300_000
    /// The end of the chain is told elsewhere every minute; the other service may be away for some time, in milliseconds.
    private static let silence: Int64 = 3_600_000

    /// The times that the database was set back, the oldest first.
    public private(set) var restorations: [AuditRestoration] = []
    /// Where the last purge has left the chain, and where it ends.
    let start: AuditHead
    private(set) var head: AuditHead
    private(set) var entries = 0
    /// Rows without a place in the chain.
    private(set) var unsealed = 0
    private(set) var breaches = AuditBreaches()
    /// Of the places that are written down elsewhere.
    private(set) var hashes: [Int64: [UInt8]] = [:]

    private let noted: Set<Int64>
    private let lastNoted: Int64
    /// When the first entry behind all places that are written down elsewhere was recorded.
    private var firstBehind: Int64?
    private var latest: Int64?
    private var chained: NumberRanges
    private var lastChained = Int64.min
    /// Of the entries without a place of which nothing is wrong: the oldest, and when the newest was recorded.
    private var oldestToChain = (recordedAt: Int64.max, sequence: Int64.max)
    private var newestToChain = Int64.min

    fileprivate init(from start: AuditHead, noting places: Set<Int64>, _ ranges: NumberRanges) {
        self.start = start
        chained = ranges
        head = start
        noted = places
        lastNoted = places.max() ?? start.place
        note(start)
    }

    private mutating func note(_ link: AuditHead) {
        if noted.contains(link.place) { hashes[link.place] = link.hash }
    }

    /// - Parameter row: the place, the number and the hash, and behind them the columns of the entry, all null where there is none.
    fileprivate mutating func follow(_ row: borrowing Row) {
        let place = row.int64(0)
        guard case .integer(let sequence) = row.value(1), case .blob(let hash) = row.value(2) else {
            breaches.add("place \(place) of the chain is not what was written there")
            head = AuditHead(place: place, hash: [])
            return
        }
        let link = AuditHead(place: place, hash: hash)
        let entry = KeptRow(row, from: 3)
        if place != head.place + 1 {
            breaches.add("the chain has a gap: places \(head.place + 1) to \(place - 1) are gone")
        } else if entry.isAbsent {
            breaches.add("entry \(sequence), place \(place), was deleted")
        } else if head.next(sequence, entry.values) != link {
            breaches.add("entry \(sequence), place \(place), is not what was written there")
        }
        if !entry.isAbsent {
            if let latest, Self.isOld(entry.recordedAt, beside: latest) { breaches.add("entry \(sequence) is dated before it was written") }
            latest = max(latest ?? .min, entry.recordedAt)
            if place > lastNoted, firstBehind == nil { firstBehind = entry.recordedAt }
            count(entry, row)
        }
        chained.add(sequence)
        lastChained = max(lastChained, sequence)
        note(link)
        head = link
    }

    private mutating func count(_ entry: KeptRow, _ row: borrowing Row) {
        entries += entry.isReadable ? AuditRow.entryCount(row, from: 3) : 1
        if entry.mayTellOfRestoration { noteRestoration(row, from: 3) }
    }

    private mutating func noteRestoration(_ row: borrowing Row, from first: Int) {
        // It is kept by itself; what was put together to look like one is none.
        guard AuditRow.entryCount(row, from: first) == 1 else { return }
        restorations += AuditRow(row, from: first).entries.compactMap(\.restoration)
    }
}

// MARK: - Entries without a place

extension AuditPass {
    /// Where there may be entries that the chain does not name; nil where it names too many apart to say so.
    fileprivate var gaps: [ClosedRange<Int64>]? { chained.isOverfull ? nil : chained.gaps }

    /// What has no place is new, or was put in beside the service.
    ///
    /// - Parameter row: the number, and behind it the columns of the entry.
    fileprivate mutating func meetUnsealed(_ row: borrowing Row, _ dialect: SQLDialect) {
        let (sequence, entry) = (row.int64(0), KeptRow(row, from: 1))
        unsealed += 1
        if entry.mayTellOfRestoration { noteRestoration(row, from: 1) }
        if !entry.isReadable {
            breaches.add("entry \(sequence) has no place in the chain, and is nothing that a service writes")
        } else if isOlder(sequence, entry, dialect) {
            breaches.add("entry \(sequence) has no place in the chain, and is older than those that have")
        } else {
            if entry.recordedAt < oldestToChain.recordedAt { oldestToChain = (entry.recordedAt, sequence) }
            newestToChain = max(newestToChain, entry.recordedAt)
        }
    }

    /// Entries are chained every second, so that of those without a place none is much older than another.
    fileprivate mutating func requireChaining() {
        guard Self.isOld(oldestToChain.recordedAt, beside: newestToChain) else { return }
        breaches.add("entry \(oldestToChain.sequence) has no place in the chain, and is older than others without one")
    }

    private func isOlder(_ sequence: Int64, _ entry: KeptRow, _ dialect: SQLDialect) -> Bool {
        guard let latest else { return false }
        return Self.isOld(entry.recordedAt, beside: latest) || sequence <= AuditHead.lastThatIsSealed(before: lastChained, dialect)
    }

    private static func isOld(_ instant: Int64, beside latest: Int64, than age: Int64 = disorder) -> Bool {
        let (difference, isBeyond) = latest.subtractingReportingOverflow(instant)
        return instant < latest && (isBeyond || difference > age)
    }

    /// The place behind which nothing is written down elsewhere, though an hour of entries is there; nil where there is none.
    var lastWrittenElsewhere: Int64? {
        guard let firstBehind, let latest, Self.isOld(firstBehind, beside: latest, than: Self.silence) else { return nil }
        return lastNoted
    }

    fileprivate mutating func missTrigger(_ name: String) {
        breaches.add("nothing keeps the audit append-only: the trigger \(name) is gone or stopped")
    }

    fileprivate mutating func meetLeftOver(_ place: Int64) {
        breaches.add(
            place > 0
                ? "place \(place) is said to be forgotten, and is still in the chain"
                : "place \(place) is in the chain, before its beginning")
    }
}

/// An entry's row as it is in the table, whatever somebody has made of it: its columns may hold what no service writes there.
private struct KeptRow {
    private static let result = 10

    let values: [SQLValue]

    init(_ row: borrowing Row, from first: Int) {
        values = (first..<first + AuditRow.columnCount).map { row.value($0) }
    }

    var isAbsent: Bool { values[0] == .null }

    /// UTC milliseconds; before all others where it says no time.
    var recordedAt: Int64 {
        guard case .integer(let time) = values[0] else { return .min }
        return time
    }

    var isReadable: Bool {
        guard case .integer = values[0] else { return false }
        return values.dropFirst().allSatisfy { value in
            if case .text = value { true } else { false }
        }
    }

    var mayTellOfRestoration: Bool { isReadable && values[Self.result] == .text(AuditEntry.restored) }
}

// MARK: - Reading

extension Reader {
    private static let linksOfPage = 5_000

    /// Goes through the chain from its beginning, or from the last purge, to its end, and looks at what has no place in it.
    ///
    /// It reads in pages, so that PostgreSQL sorts nothing.
    ///
    /// - Parameters:
    ///   - service: the schema, where databases stand side by side; nil for the reader's own database.
    ///   - anchors: of what places to remember the hashes.
    ///   - most: how many ranges of numbers to remember as those of the chain. Where there are more, as after many writes that failed,
    ///     the numbers of all entries are looked at once more for one without a place.
    public func passThroughAudit(
        of service: String? = nil, noting anchors: [AuditAnchor] = [], rangesAtMost most: Int = 100
    ) throws -> AuditPass {
        let schema = service.map { "\($0)." } ?? ""
        var pass = AuditPass(from: try lastPurge(schema), noting: Set(anchors.map(\.head.place)), NumberRanges(most: most))
        let leftOver = try row(
            "SELECT place FROM \(schema)hms_audit_chain WHERE place <= ? ORDER BY place DESC LIMIT 1", [.integer(pass.start.place)]
        ) { $0.int64(0) }
        if let leftOver { pass.meetLeftOver(leftOver) }
        for trigger in try missingAuditTriggers(in: schema) { pass.missTrigger(trigger) }
        while try followPage(schema, &pass) == Self.linksOfPage {}
        for gap in try pass.gaps ?? unchained(schema) { try meetUnsealed(gap, schema, &pass) }
        pass.requireChaining()
        return pass
    }

    /// Where the last purge has left the chain.
    private func lastPurge(_ schema: String) throws -> AuditHead {
        try row("SELECT place, hash FROM \(schema)hms_audit_purges WHERE place > 0 ORDER BY place DESC LIMIT 1") { row in
            // Whoever puts in another kind of value has put in no hash.
            guard case .blob(let hash) = row.value(1) else { return AuditHead(place: row.int64(0), hash: []) }
            return AuditHead(place: row.int64(0), hash: hash)
        } ?? .start
    }

    private func followPage(_ schema: String, _ pass: inout AuditPass) throws -> Int {
        var count = 0
        try forEachRow(
            """
            SELECT c.place, c.sequence, c.hash, a.recorded_at, a.actor, a.role, a.address, a.correlation_id, a.method, a.kind, a.patients,
                a.records, a.fields, a.result, a.reason
            FROM \(schema)hms_audit_chain c LEFT JOIN \(schema)hms_audit a ON a.sequence = c.sequence WHERE c.place > ?
            ORDER BY c.place LIMIT ?
            """, [.integer(pass.head.place), SQLValue(Self.linksOfPage)]
        ) { row in
            count += 1
            pass.follow(row)
            return true
        }
        return count
    }

    private func meetUnsealed(_ numbers: ClosedRange<Int64>, _ schema: String, _ pass: inout AuditPass) throws {
        try forEachRow(
            "SELECT sequence, \(AuditRow.columns) FROM \(schema)hms_audit WHERE sequence >= ? AND sequence <= ? ORDER BY sequence",
            [.integer(numbers.lowerBound), .integer(numbers.upperBound)]
        ) { row in
            pass.meetUnsealed(row, dialect)
            return true
        }
    }

    /// The numbers of entries without a place, by a look at all numbers: for a chain that has left out many.
    private func unchained(_ schema: String) throws -> [ClosedRange<Int64>] {
        var runs: [ClosedRange<Int64>] = []
        try forEachRow(
            """
            SELECT a.sequence FROM \(schema)hms_audit a
            WHERE a.sequence >= ? AND NOT EXISTS (SELECT 1 FROM \(schema)hms_audit_chain c WHERE c.sequence = a.sequence)
            ORDER BY a.sequence
            """, [.integer(.min)]
        ) { row in
            let sequence = row.int64(0)
            if let last = runs.last, last.upperBound + 1 == sequence {
                runs[runs.count - 1] = last.lowerBound...sequence
            } else {
                runs.append(sequence...sequence)
            }
            return true
        }
        return runs
    }
}

import GRDBSQLite

/// Prepared statements of one connection by their text; the least recently used makes room.
struct StatementCache {
    private struct Entry {
        let statement: SQLiteStatement
        var lastUse: UInt64
    }

    private var entries: [StatementText: Entry] = [:]
    private var uses: UInt64 = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func statement(_ sql: String, prepare: (String) throws -> SQLiteStatement) throws -> SQLiteStatement {
        uses &+= 1
        let key = StatementText(sql: sql)
        if let found = entries[key]?.statement {
            entries[key]?.lastUse = uses
            return found
        }
        let statement = try prepare(sql)
        if entries.count >= capacity { evictLeastRecentlyUsed() }
        entries[key] = Entry(statement: statement, lastUse: uses)
        return statement
    }

    mutating func removeAll() {
        entries.removeAll()
    }

    private mutating func evictLeastRecentlyUsed() {
        let idle = entries.filter { !$0.value.statement.isRunning }
        guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        entries[oldest.key] = nil
    }
}

/// SQL as a dictionary key. Statements are long and differ in length or near their end, and the same literal is one
/// buffer that compares equal by its address, so hashing every byte would cost more than finding the statement.
private struct StatementText: Hashable {
    let sql: String

    func hash(into hasher: inout Hasher) {
        hasher.combine(sql.utf8.count)
        for byte in sql.utf8.suffix(8) { hasher.combine(byte) }
    }
}

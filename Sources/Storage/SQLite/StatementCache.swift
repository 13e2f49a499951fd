import GRDBSQLite

/// Prepared statements of one connection by their text; the least recently used makes room.
struct StatementCache {
    private var statements: [StatementText: SQLiteStatement] = [:]
    private var uses: UInt64 = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func statement(_ sql: String, prepare: (String) throws -> SQLiteStatement) throws -> SQLiteStatement {
        uses &+= 1
        let key = StatementText(sql: sql)
        if let found = statements[key] {
            found.lastUse = uses
            return found
        }
        let statement = try prepare(sql)
        statement.lastUse = uses
        if statements.count >= capacity { evictLeastRecentlyUsed() }
        statements[key] = statement
        return statement
    }

    mutating func removeAll() {
        statements.removeAll()
    }

    private mutating func evictLeastRecentlyUsed() {
        let idle = statements.filter { !$0.value.isRunning }
        guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        statements[oldest.key] = nil
    }
}

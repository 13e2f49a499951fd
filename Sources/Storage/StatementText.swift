/// SQL as a dictionary key. Statements are long and differ in length or near their end, and the same literal is one
/// buffer that compares equal by its address, so hashing every byte would cost more than finding the statement.
struct StatementText: Hashable {
    let sql: String

    func hash(into hasher: inout Hasher) {
        var sql = sql
        hasher.combine(sql.withUTF8 { utf8 in utf8.suffix(8).reduce(utf8.count) { ($0 << 5) &+ $0 &+ Int($1) } })
    }
}

extension StatementText {
    /// Transactions, files, settings and messages of a connection are Storage's own business.
    ///
    /// - Throws: ``StorageError/invalidStatement(_:)`` for what controls a connection, and for nothing at all.
    func requireNoControl() throws(StorageError) {
        let keyword = sql.drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased()
        if controlKeywords.contains(keyword) { throw .invalidStatement("\(keyword) is not for services") }
        if keyword.isEmpty && sql.allSatisfy(\.isWhitespace) { throw .invalidStatement("empty") }
    }
}

private let controlKeywords: Set<String> = [
    "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE", "DEALLOCATE", "DECLARE", "FETCH", "CLOSE",
    "ATTACH", "DETACH", "VACUUM", "PRAGMA", "SET", "RESET", "DISCARD", "LISTEN", "UNLISTEN", "NOTIFY", "LOCK", "COPY",
]

import GRDB

/// One state of a database, kept while writes go on: a reading transaction on a connection of its own.
///
/// The log is not begun anew as long as it is kept, so it is kept for no longer than its copy takes.
final class SQLiteSnapshot: Sendable {
    private let queue: DatabaseQueue

    /// Takes the state of now.
    init(of path: String) throws {
        var reading = Configuration()
        reading.readonly = true
        // The transaction outlives the access that begins it.
        reading.allowsUnsafeTransactions = true
        do {
            queue = try DatabaseQueue(path: path, configuration: reading)
            try queue.inDatabase { reader in
                try reader.execute(sql: "BEGIN")
                // The state is that of the first read: of the header, which holds this number.
                _ = try Int.fetchOne(reader, sql: "PRAGMA schema_version")
            }
        } catch {
            throw StorageError(error)
        }
    }

    /// All pages in one step: the copy never starts over.
    func copy(to target: DatabaseQueue) throws {
        try target.writeWithoutTransaction { copy in
            try queue.inDatabase { try $0.backup(to: copy) }
        }
    }

    /// Gives the state up. Nothing may read it any more.
    func close() throws {
        try queue.inDatabase { try $0.execute(sql: "COMMIT") }
        try queue.close()
    }
}

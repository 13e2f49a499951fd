import GRDBSQLite

/// One transaction for many writes, one commit, then the answers.
///
/// Writes run without a savepoint: one that fails before it has changed anything, as most refusals do, leaves nothing to
/// undo. Only where one has changed something and then fails, all is undone and every write runs again, marked by a
/// savepoint of its own.
final class GroupCommit {
    private let connection: SQLiteConnection
    private let transaction: Transaction
    private let begin: SQLiteStatement
    private let commit: SQLiteStatement
    private let rollback: SQLiteStatement
    private let savepoint: SQLiteStatement
    private let release: SQLiteStatement
    private let rollbackToSavepoint: SQLiteStatement

    /// How long the last COMMIT took, with its flush.
    private(set) var flushDuration = Duration.zero

    init(_ connection: SQLiteConnection) throws {
        self.connection = connection
        connection.requiresTransaction = true
        transaction = Transaction(session: connection)
        begin = try connection.control("BEGIN IMMEDIATE")
        commit = try connection.control("COMMIT")
        rollback = try connection.control("ROLLBACK")
        savepoint = try connection.control("SAVEPOINT write")
        release = try connection.control("RELEASE write")
        rollbackToSavepoint = try connection.control("ROLLBACK TO write")
    }

    /// Runs all `writes`, and those that come in meanwhile, and makes them durable together. Each write's own error is left
    /// in it; an error thrown from here means that none of them was kept.
    ///
    /// - Parameter more: what else is to be in this commit, asked when so many have run; empty ends it.
    func run(_ writes: inout [PendingWrite], more: (_ count: Int) -> [PendingWrite]) throws {
        do {
            try begin.run()
            if try performTogether(&writes, more: more) { return try end(writes) }
            try rollback.run()
            if writes.count > 1 { try runApart(writes) }
        } catch {
            if isInTransaction { try rollback.run() }
            throw error
        }
    }

    private var isInTransaction: Bool { sqlite3_get_autocommit(connection.handle) == 0 }

    private func end(_ writes: [PendingWrite]) throws {
        guard writes.contains(where: { $0.failure == nil }) else { return try rollback.run() }
        let start = ContinuousClock.now
        try commit.run()
        flushDuration = .now - start
    }

    /// False where a write has changed something and then failed.
    private func performTogether(_ writes: inout [PendingWrite], more: (_ count: Int) -> [PendingWrite]) throws -> Bool {
        var count = 0
        while count < writes.count {
            while count < writes.count {
                let changes = sqlite3_total_changes64(connection.handle)
                let isDone = try perform(writes[count])
                if !isDone && sqlite3_total_changes64(connection.handle) != changes { return false }
                count += 1
            }
            writes += more(count)
        }
        return true
    }

    private func runApart(_ writes: [PendingWrite]) throws {
        try begin.run()
        for write in writes {
            write.failure = nil
            try savepoint.run()
            if try !perform(write) { try rollbackToSavepoint.run() }
            try release.run()
        }
        try end(writes)
    }

    /// Whether it ended without an error.
    private func perform(_ write: PendingWrite) throws -> Bool {
        connection.beginAnew()
        do {
            try write.perform(in: transaction)
            if connection.isDoomed { throw StorageError.doomed }
            (write.commitHooks, write.publishedTypes) = transaction.takeAfterCommit()
            guard isInTransaction else { throw StorageError.transactionEnded }
            return true
        } catch {
            write.failure = error
            _ = transaction.takeAfterCommit()
            // A full disk or a failed one ends the whole transaction, and with it the writes before this one.
            guard isInTransaction else { throw StorageError(endingTransaction: error) }
            return false
        }
    }
}

extension StorageError {
    /// SQLite ended the transaction under a write, by a trigger's `RAISE(ROLLBACK)` or a body that went on after a failure.
    static let transactionEnded = StorageError.failed(code: Int(SQLITE_ABORT))

    /// What the other writes of a commit are told when `error` in one of them ended the transaction.
    fileprivate init(endingTransaction error: any Error) {
        switch error as? StorageError {
        case .full: self = .full
        case .corrupt: self = .corrupt
        case .failed(let code): self = .failed(code: code)
        default: self = .transactionEnded
        }
    }
}

extension SQLiteStatement {
    /// Runs a statement without parameters and rows.
    func run() throws {
        try forEachRow([]) { _ in true }
    }
}

import GRDBSQLite

/// One transaction for many writes: a savepoint each, one commit, then the answers.
final class GroupCommit {
    private let connection: SQLiteConnection
    private let transaction: Transaction
    private let begin: SQLiteStatement
    private let commit: SQLiteStatement
    private let rollback: SQLiteStatement
    private let savepoint: SQLiteStatement
    private let release: SQLiteStatement
    private let rollbackToSavepoint: SQLiteStatement

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

    /// Runs all `writes` and makes them durable together. Each write's own error is left in it; an error thrown from here
    /// means that none of them was kept.
    func run(_ writes: [PendingWrite]) throws {
        try begin.run()
        do {
            for write in writes { try perform(write, alone: writes.count == 1) }
            if writes.count > 1 || writes.first?.failure == nil { try commit.run() } else { try rollback.run() }
        } catch {
            if isInTransaction { try rollback.run() }
            throw error
        }
    }

    private var isInTransaction: Bool { sqlite3_get_autocommit(connection.handle) == 0 }

    /// A write that is alone needs no savepoint: its transaction is undone instead.
    private func perform(_ write: PendingWrite, alone: Bool) throws {
        if !alone { try savepoint.run() }
        do {
            try write.perform(in: transaction)
            (write.commitHooks, write.publishedTypes) = transaction.takeAfterCommit()
            guard isInTransaction else { throw StorageError.transactionEnded }
        } catch {
            write.failure = error
            _ = transaction.takeAfterCommit()
            // A full disk or a failed one ends the whole transaction, and with it the writes before this one.
            guard isInTransaction else { throw StorageError(endingTransaction: error) }
            if !alone { try rollbackToSavepoint.run() }
        }
        if !alone { try release.run() }
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

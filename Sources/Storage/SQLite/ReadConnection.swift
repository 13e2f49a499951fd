import GRDBSQLite
import Synchronization

/// A reading connection with its limits: whoever holds it has it alone.
final class ReadConnection: @unchecked Sendable {
    // Sendable because a pool hands it to one thread at a time; `isInterrupted` is atomic.
    private let connection: SQLiteConnection
    private let reader: Reader
    private let begin: SQLiteStatement
    private let end: SQLiteStatement
    private var limit = ReadLimit.steps(0)
    private var steps = 0
    private var isExhausted = false
    private let isInterrupted = Atomic(false)

    /// How often the limit is looked at, in steps of SQLite's virtual machine: some tens of microseconds.
    private static let stepsPerLook = 1000

    init(_ settings: SQLiteSettings) throws {
        connection = try settings.openReader()
        connection.requiresTransaction = true
        reader = Reader(session: connection)
        begin = try connection.control("BEGIN")
        end = try connection.control("COMMIT")
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            connection.handle, Int32(Self.stepsPerLook),
            { context in
                guard let context else { return 1 }
                return Unmanaged<ReadConnection>.fromOpaque(context).takeUnretainedValue().isOverLimit() ? 1 : 0
            }, context)
    }

    /// Runs `body` over one snapshot.
    ///
    /// - Throws: ``StorageError/readBudgetExceeded`` when `limit` was reached, whatever `body` made of it.
    func read<T>(within limit: ReadLimit, _ body: (Reader) throws -> T) throws -> T {
        self.limit = limit
        steps = 0
        isExhausted = false
        isInterrupted.store(false, ordering: .relaxed)
        connection.beginAnew()
        try begin.run()
        let result = Result { try body(reader) }
        try end.run()
        if isExhausted { throw StorageError.readBudgetExceeded }
        return try result.get()
    }

    /// Ends the read that runs, from any thread.
    func interrupt() {
        isInterrupted.store(true, ordering: .relaxed)
    }

    func close() throws {
        sqlite3_progress_handler(connection.handle, 0, nil, nil)
        try connection.close()
    }

    private func isOverLimit() -> Bool {
        steps += Self.stepsPerLook
        switch limit {
        case .steps(let budget): isExhausted = steps > budget
        case .until(let deadline): isExhausted = isInterrupted.load(ordering: .relaxed) || ContinuousClock.now > deadline
        }
        return isExhausted
    }
}

/// What one read may use.
enum ReadLimit {
    /// Steps of SQLite's virtual machine; looked at often enough that a loop's thread is not held.
    case steps(Int)
    case until(ContinuousClock.Instant)
}

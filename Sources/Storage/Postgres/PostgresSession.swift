/// One connection inside its transaction.
///
/// BEGIN goes out with the first statement and COMMIT with the last ones that were enqueued, so that a transaction costs as many
/// round trips as it has statements that are asked for something, and one.
final class PostgresSession: SQLSession {
    /// What a transaction is begun for.
    enum Purpose {
        case write
        /// All statements see one state.
        case snapshot
        /// One statement, which sees one state by itself; where a second one comes, ``needsSnapshot`` is set.
        case singleRead
    }

    let dialect = SQLDialect.postgres
    let connection: PostgresConnection
    private var purpose = Purpose.write
    private var hasBegun = false
    /// Statements of the service that were enqueued and not answered yet.
    private var enqueued = 0
    private var first: PostgresStatement?
    private var attempts = 0
    private var cursors = 0
    /// No statement runs after this instant.
    private var deadline: ContinuousClock.Instant?
    /// Whether what is done is still wanted.
    private var interruption: PostgresInterruption?

    /// Whether a statement has failed, so that nothing can be kept.
    private(set) var isDoomed = false
    /// Whether another transaction was in the way.
    private(set) var metContention = false
    /// Whether a statement took longer than it may.
    private(set) var exceededBudget = false
    /// Whether a single read has turned out to need more than one statement.
    private(set) var needsSnapshot = false
    /// Whether COMMIT was sent, so that it may have happened.
    private(set) var hasSentCommit = false

    init(_ connection: PostgresConnection) {
        self.connection = connection
    }

    /// Forgets what an earlier transaction has come to.
    ///
    /// - Parameter interruption: what ends it early.
    /// - Throws: `CancellationError` where that has happened already.
    func start(
        _ purpose: Purpose, until deadline: ContinuousClock.Instant? = nil, unless interruption: PostgresInterruption? = nil
    ) throws {
        self.purpose = purpose
        self.deadline = deadline
        self.interruption = interruption
        (hasBegun, isDoomed, metContention, needsSnapshot, hasSentCommit) = (false, false, false, false, false)
        exceededBudget = false
        (enqueued, attempts, cursors, first) = (0, 0, 0, nil)
        try connection.settle()
        try interruption?.attach(connection.canceller)
    }

    /// Keeps what was done, and returns when it is durable.
    func commit() throws {
        if isDoomed { throw StorageError.doomed }
        guard hasBegun else { return }
        interruption?.detach()
        try requireWanted()
        hasSentCommit = true
        _ = connection.takeWarning()
        try guarded {
            try connection.send("COMMIT")
            hasBegun = false
            if try connection.receive()?.isRollback == true { throw StorageError.doomed }
        }
        // A commit that has waited too long for a standby succeeds with a warning: it is on this server alone, and may be lost
        // with it.
        if connection.takeWarning() { throw StorageError.outcomeUnknown }
    }

    /// Ends the transaction; whatever was changed is undone. Nobody waits for it: the next use does.
    func end() throws {
        interruption?.detach()
        guard !connection.isBroken, hasBegun else { return }
        hasBegun = false
        try connection.send(isDoomed || purpose == .write ? "ROLLBACK" : "COMMIT")
        try connection.flush()
    }
}

// MARK: - Statements

extension PostgresSession {
    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try ask(sql, arguments)?.changedCount ?? 0
    }

    func enqueue(_ sql: String, _ arguments: [SQLValue]) throws {
        try enqueue(sql, arguments, of: .service)
    }

    func pendingRow<T>(_ sql: String, _ arguments: [SQLValue], _ make: @escaping (borrowing Row) throws -> T) throws -> PendingRow<T> {
        let answer = PostgresAnswer()
        try enqueue(sql, arguments, of: .service, keeping: answer)
        return PendingRow(waitingFor: { [self] in
            if answer.rows == nil {
                if isDoomed { throw StorageError.doomed }
                try receiveEnqueued()
            }
            var first: T?
            try answer.rows?.forEach { row in
                first = try make(row)
                return false
            }
            return first
        })
    }

    func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
        try ask(sql, arguments)?.forEach(body)
    }

    func hasRow(_ sql: String, _ arguments: [SQLValue]) throws -> Bool {
        guard sql.hasPrefix("SELECT") else { return try ask(sql, arguments).map { $0.rowCount > 0 } ?? false }
        return try ask("SELECT 1 WHERE EXISTS (\(sql))", arguments).map { $0.rowCount > 0 } ?? false
    }

    /// Fetches rows a page at a time through a cursor, so that results of any length fit.
    func forEachRowOfMany(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
        guard sql.hasPrefix("SELECT") || sql.hasPrefix("WITH") else { return try forEachRow(sql, arguments, body) }
        // A single read has no cursors.
        if purpose == .singleRead && first == nil { purpose = .snapshot }
        cursors += 1
        let cursor = "rows_\(cursors)"
        defer { cursors -= 1 }
        try enqueue("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql)", arguments, of: .engine)
        var goesOn = true
        while goesOn, let page = try ask("FETCH \(Self.rowsOfPage) FROM \(cursor)", [], of: .engine) {
            goesOn = try page.forEach(body) && page.rowCount == Self.rowsOfPage
        }
        try enqueue("CLOSE \(cursor)", [], of: .engine)
    }

    private func enqueue(
        _ sql: String, _ arguments: [SQLValue], of author: PostgresConnection.Author, keeping answer: PostgresAnswer? = nil
    ) throws {
        try prepareToSend(sql, arguments)
        try guarded { try connection.send(sql, arguments, of: author, keeping: answer) }
        enqueued += 1
        // Answers that nobody waits for must not fill the buffers of both sides.
        if enqueued >= Self.mostEnqueued { try receiveEnqueued() }
    }

    /// Sends a statement behind those that were enqueued, and waits for its answer.
    private func ask(_ sql: String, _ arguments: [SQLValue], of author: PostgresConnection.Author = .service) throws -> PostgresRows? {
        try prepareToSend(sql, arguments)
        return try guarded {
            let statement = try connection.send(sql, arguments, of: author)
            if first == nil { first = statement }
            enqueued = 0
            return try connection.receive()
        }
    }

    private func receiveEnqueued() throws {
        enqueued = 0
        try guarded { _ = try connection.receive() }
    }

    private static let mostEnqueued = 64
    private static let rowsOfPage = 500
}

// MARK: - Beginning and failing

extension PostgresSession {
    private func prepareToSend(_ sql: String, _ arguments: [SQLValue]) throws {
        try requireWanted()
        if isDoomed { throw StorageError.doomed }
        if let deadline, .now > deadline {
            exceededBudget = true
            throw StorageError.readBudgetExceeded
        }
        if hasBegun { return }
        if purpose == .singleRead {
            guard let first else {
                if connection.known(sql, arguments)?.needsSnapshot != true { return }
                return try begin(.snapshot)
            }
            // What was read first belongs to another state: the body is run again, with a snapshot from the start.
            first.needsSnapshot = true
            (needsSnapshot, isDoomed) = (true, true)
            throw StorageError.doomed
        }
        try begin(purpose)
    }

    /// - Throws: `CancellationError` where nobody wants the work any more.
    private func requireWanted() throws(CancellationError) {
        if interruption?.isCancelled == true { throw CancellationError() }
    }

    private func begin(_ purpose: Purpose) throws {
        try guarded {
            try connection.send(
                purpose == .write ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
        hasBegun = true
        if let deadline { try limitStatements(until: deadline) }
    }

    private func limitStatements(until deadline: ContinuousClock.Instant) throws {
        let milliseconds = max(1, (deadline - .now).milliseconds)
        try guarded { try connection.send("SELECT set_config('statement_timeout', ?, true)", [.text("\(milliseconds)")]) }
    }

    /// Remembers what a failure means for the transaction.
    @discardableResult
    private func guarded<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let failure as PostgresFailure {
            isDoomed = true
            if failure.isContention { metContention = true }
            if failure.error == .readBudgetExceeded { exceededBudget = true }
            if failure.isReadOnly && purpose == .write { throw connection.broken().error }
            throw failure.error
        }
    }
}

// MARK: - Attempts

extension PostgresSession {
    func attempt<T>(_ body: () throws -> T) throws -> T {
        if isDoomed { throw StorageError.doomed }
        // What was enqueued before is not of this attempt: it fails here and now, or not at all.
        if enqueued > 0 { try receiveEnqueued() }
        try mark("SAVEPOINT attempt")
        do {
            let result = try body()
            if isDoomed { throw StorageError.doomed }
            if enqueued > 0 { try receiveEnqueued() }
            try mark("RELEASE attempt")
            return result
        } catch {
            // A transaction that met another is repeated as a whole.
            guard !connection.isBroken, !metContention else { throw error }
            try undo()
            throw error
        }
    }

    private func undo() throws {
        isDoomed = false
        enqueued = 0
        // Statements that were enqueued and not answered fail here, as far as they do; they are undone in either case.
        do {
            _ = try connection.receive()
        } catch let failure as PostgresFailure where !failure.endsConnection {
            if failure.isContention { metContention = true }
        }
        try guarded {
            try connection.send("ROLLBACK TO attempt")
            try connection.send("RELEASE attempt")
            _ = try connection.receive()
        }
    }

    private func mark(_ sql: String) throws {
        if !hasBegun { try begin(.write) }
        try guarded { try connection.send(sql) }
    }
}

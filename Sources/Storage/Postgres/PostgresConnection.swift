import CLibPQ
import Logging

/// One connection to PostgreSQL: statements go out in a pipeline, and what they are answered comes when somebody wants it.
///
/// It belongs to one thread at a time, which waits for the server. All that touches libpq's memory is here, in ``PostgresRows``
/// and in ``PostgresArguments``.
final class PostgresConnection {
    /// Who has written a statement: only the engine's control transactions and settings.
    enum Author {
        case engine, service
    }

    private enum Sent {
        case preparation(PostgresStatement)
        case description(PostgresStatement)
        case statement(PostgresAnswer?)
        case end
    }

    let pq: PostgresLibrary
    let handle: OpaquePointer
    private let notices: NoticeLog
    private var statements = PostgresStatements()
    private var sent: [Sent] = []
    /// The columns of each unique index of the schema, by its name.
    var uniqueIndexes: [String: [String]] = [:]
    /// How often an answer was waited for.
    private(set) var roundTrips = 0
    /// Whether it can't be used any more.
    private(set) var isBroken = false

    /// Statements that are kept prepared between two uses.
    private static let statementsKept = 512

    /// - Parameter parameters: of libpq, in their order; later ones stand above earlier ones.
    /// - Throws: ``StorageError/cannotOpen(_:)`` with libpq's reason, where that is of the server or the way to it.
    init(_ parameters: [(name: String, value: String)], _ pq: PostgresLibrary, logger: Logger) throws(StorageError) {
        let texts = (parameters.map(\.name), parameters.map(\.value))
        guard let handle = withCStrings(texts.0, { names in withCStrings(texts.1) { pq.functions.connectdbParams(names, $0, 1) } }) else {
            throw .overloaded
        }
        guard pq.functions.status(handle) == CONNECTION_OK else {
            let reason = pq.functions.errorMessage(handle).map { String(cString: $0) } ?? ""
            pq.functions.finish(handle)
            throw .cannotOpen(connectionFailure: reason)
        }
        self.pq = pq
        self.handle = handle
        notices = NoticeLog(pq, logger)
        _ = pq.functions.setNoticeReceiver(handle, NoticeLog.receive, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit {
        pq.functions.finish(handle)
    }

    /// 150003 is 15.3.
    var serverVersion: Int { Int(pq.functions.serverVersion(handle)) }
    var serverEncoding: String { pq.functions.parameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? "" }

    /// Whether the server has warned of something since this was asked last.
    func takeWarning() -> Bool {
        defer { notices.hasWarned = false }
        return notices.hasWarned
    }

    /// What ends, from any thread, the statement that runs.
    private(set) lazy var canceller = pq.functions.getCancel(handle).map { PostgresCanceller($0, pq) }
}

// MARK: - Statements

extension PostgresConnection {
    /// Sends a statement, prepared if it was not yet. Its answer is the last that ``receive()`` gives, or is passed over where
    /// nobody keeps it.
    @discardableResult
    func send(
        _ sql: String, _ arguments: [SQLValue] = [], of author: Author = .engine, keeping answer: PostgresAnswer? = nil
    ) throws -> PostgresStatement {
        let text = StatementText(sql: sql)
        let types = arguments.map(\.postgresType)
        let statement = try statements.find(text, types: types) ?? prepare(text, types, author)
        guard statement.parameterCount == arguments.count else {
            throw StorageError.invalidStatement("\(statement.parameterCount) parameters, \(arguments.count) arguments")
        }
        let isSent = PostgresArguments(arguments).withPointers { values, lengths, formats in
            pq.functions.sendQueryPrepared(handle, statement.name, Int32(arguments.count), values, lengths, formats, 1)
        }
        try note(isSent, .statement(answer))
        return statement
    }

    /// The statement as it would be sent, where it was sent before.
    func known(_ sql: String, _ arguments: [SQLValue]) -> PostgresStatement? {
        statements.find(StatementText(sql: sql), types: arguments.map(\.postgresType))
    }

    private func prepare(_ text: StatementText, _ types: [UInt32], _ author: Author) throws -> PostgresStatement {
        if author == .service { try text.requireNoControl() }
        let numbered = PostgresText(text.sql)
        guard numbered.parameterCount == types.count else {
            throw StorageError.invalidStatement("\(numbered.parameterCount) parameters, \(types.count) arguments")
        }
        let statement = statements.add(text, types: types)
        try note(
            pq.functions.sendPrepare(handle, statement.name, numbered.sql, Int32(types.count), statement.types), .preparation(statement))
        if statement.types.contains(PostgresType.unknown) {
            try note(pq.functions.sendDescribePrepared(handle, statement.name), .description(statement))
        }
        return statement
    }

    /// Marks the end of what belongs together and lets all of it go out.
    func flush() throws {
        try note(pq.functions.pipelineSync(handle), .end)
        guard pq.functions.flush(handle) >= 0 else { throw broken() }
    }

    /// Lets all go out that was sent, waits for the answers, and gives the last of them.
    ///
    /// - Throws: ``PostgresFailure`` of the first statement that failed; those after it were not run.
    func receive() throws -> PostgresRows? {
        if case .end = sent.last {} else { try flush() }
        roundTrips += 1
        return try collect()
    }

    /// Makes the connection ready for its next use: what an earlier one left behind is answered and forgotten.
    func settle() throws {
        if !sent.isEmpty {
            do {
                if case .end = sent.last {} else { try flush() }
                _ = try collect()
            } catch let failure as PostgresFailure where !failure.endsConnection {
                // Whoever was concerned has ended his transaction because of it.
            }
        }
        guard !isBroken, pq.functions.transactionStatus(handle) == PQTRANS_IDLE else { throw broken() }
        if statements.count > Self.statementsKept {
            statements.removeAll()
            try runScript("DEALLOCATE ALL")
        }
    }

    private func note(_ isSent: Int32, _ what: Sent) throws {
        guard isSent == 1 else { throw broken() }
        sent.append(what)
    }

    func broken() -> PostgresFailure {
        isBroken = true
        return .lost
    }
}

// MARK: - Answers

extension PostgresConnection {
    private func collect() throws -> PostgresRows? {
        defer { sent.removeAll(keepingCapacity: true) }
        var failure: PostgresFailure?
        var last: PostgresRows?
        for what in sent {
            guard let result = pq.functions.getResult(handle) else { throw broken() }
            switch pq.functions.resultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                last = accept(result, what) ?? last
            case PGRES_PIPELINE_SYNC:
                pq.functions.clear(result)
            case PGRES_PIPELINE_ABORTED:
                pq.functions.clear(result)
                forget(what)
            default:
                forget(what)
                failure = failure ?? self.failure(of: result)
                pq.functions.clear(result)
                if isBroken { throw PostgresFailure.lost }
            }
            if case .end = what { continue }
            while let rest = pq.functions.getResult(handle) { pq.functions.clear(rest) }
        }
        if let failure { throw failure }
        return last
    }

    /// Takes an answer over; nil where it is not that of a statement.
    private func accept(_ result: OpaquePointer, _ what: Sent) -> PostgresRows? {
        if case .statement(let answer) = what {
            let rows = PostgresRows(result, pq)
            answer?.rows = rows
            return rows
        }
        if case .description(let statement) = what {
            statement.types = (0..<pq.functions.nparams(result)).map { pq.functions.paramtype(result, $0) }
        }
        pq.functions.clear(result)
        return nil
    }

    /// A statement that could not be prepared is prepared again when it is asked for again.
    private func forget(_ what: Sent) {
        if case .preparation(let statement) = what { statements.remove(statement) }
    }

    private func failure(of result: OpaquePointer) -> PostgresFailure {
        guard let state = field("C", result), pq.functions.status(handle) == CONNECTION_OK else { return broken() }
        let fields = PostgresErrorFields(
            message: field("M", result) ?? "", table: field("t", result) ?? "", column: field("c", result) ?? "",
            constraint: field("n", result) ?? "")
        let failure = PostgresFailure(state: state, fields, uniqueIndexes)
        if failure.endsConnection { isBroken = true }
        return failure
    }

    private func field(_ code: UnicodeScalar, _ result: OpaquePointer) -> String? {
        pq.functions.resultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
}

// MARK: - Scripts

extension PostgresConnection {
    /// Runs SQL of any number of statements, outside of any pipeline.
    func runScript(_ sql: String) throws {
        guard pq.functions.exitPipelineMode(handle) == 1 else { throw broken() }
        let result = pq.functions.exec(handle, sql)
        defer { pq.functions.clear(result) }
        let status = pq.functions.resultStatus(result)
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY].contains(status) else {
            throw result.map { failure(of: $0) } ?? broken()
        }
        try enterPipeline()
    }

    /// To be called once before statements are sent, and again after a script that failed.
    func enterPipeline() throws {
        guard pq.functions.enterPipelineMode(handle) == 1 else { throw broken() }
    }
}

/// Where the answer to a statement is kept that travels with others.
final class PostgresAnswer {
    fileprivate(set) var rows: PostgresRows?
}

/// Ends what a connection is about.
final class PostgresCanceller: @unchecked Sendable {
    // Sendable because libpq lets any thread cancel, and the handle is freed by the last who has it.
    private let handle: OpaquePointer
    private let pq: PostgresLibrary

    fileprivate init(_ handle: OpaquePointer, _ pq: PostgresLibrary) {
        self.handle = handle
        self.pq = pq
    }

    deinit {
        pq.functions.freeCancel(handle)
    }

    /// Asks the server, over a connection of its own, which the server closes when it has passed it on: a later statement is not
    /// harmed. False where the server may hear of it later, or not at all.
    func cancel() -> Bool {
        var reason = [CChar](repeating: 0, count: 256)
        return pq.functions.cancel(handle, &reason, Int32(reason.count)) == 1
    }
}

/// Where the server's notices go: their text may hold values, so only what they are is told.
private final class NoticeLog {
    private let pq: PostgresLibrary
    private let logger: Logger
    var hasWarned = false

    init(_ pq: PostgresLibrary, _ logger: Logger) {
        self.pq = pq
        self.logger = logger
    }

    static let receive: PQnoticeReceiver = { context, result in
        guard let context else { return }
        Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue().note(result)
    }

    private func note(_ result: OpaquePointer?) {
        let state = field("C", result)
        if field("V", result) == "WARNING" { hasWarned = true }
        logger.debug("the database server remarks", metadata: ["state": "\(state ?? "")"])
    }

    private func field(_ code: UnicodeScalar, _ result: OpaquePointer?) -> String? {
        pq.functions.resultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
}

extension StorageError {
    /// libpq's reason, unless it is one about the URL, whose parts it would quote.
    fileprivate static func cannotOpen(connectionFailure reason: String) -> StorageError {
        guard reason.hasPrefix("connection to server") || reason.hasPrefix("could not translate host name") else {
            return .cannotOpen("the database: its URL is not understood")
        }
        return .cannotOpen("the database: \(reason.split(separator: "\n").joined(separator: " "))")
    }
}

/// Calls `body` with texts as C has them, and NULL after the last.
private func withCStrings<R>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R) -> R {
    let all = texts.map { Array($0.utf8CString) }
    let joined = Array(all.joined())
    return joined.withUnsafeBufferPointer { buffer in
        var place = 0
        var pointers: [UnsafePointer<CChar>?] = all.map { text in
            defer { place += text.count }
            return buffer.baseAddress.map { $0 + place }
        }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

public import Logging

/// Several schemas of one PostgreSQL database side by side, all in one state: that of the first question.
public final class DatabaseSchemas: DatabasesSideBySide {
    private let session: PostgresSession
    let reader: Reader
    /// Of the service, by its name.
    let schemas: [String: String]

    /// - Parameter configurations: where each service keeps its data, by its name.
    /// - Throws: ``StorageError/cannotOpen(_:)`` where they are not all in one PostgreSQL database, or one has no tables there.
    public init(_ configurations: [String: DatabaseConfiguration], logger: Logger) throws {
        let locations = try configurations.mapValues { try Self.location(of: $0) }
        guard let first = locations.values.first, locations.values.allSatisfy({ $0.connectionURL == first.connectionURL }) else {
            throw StorageError.cannotOpen(
                "databases that are not all one: what is asked of all services needs them in one PostgreSQL database")
        }
        schemas = locations.mapValues(\.schema)
        let settings = PostgresSettings(
            location: first, configuration: DatabaseConfiguration(location: .postgres(first)), pq: try PostgresLibrary.open(),
            logger: logger, use: .longReads)
        let connection = try settings.connect()
        // What is asked of a whole hospital takes as long as it takes.
        try connection.runScript("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        session = PostgresSession(connection)
        reader = Reader(session: NamedSchemas(session, schemas))
        try session.start(.snapshot)
        try requireTables()
    }

    public func read<T>(_ body: (Reader) throws -> T) throws -> T {
        try body(reader)
    }

    public func damage(of service: String) -> [String] { [] }

    public func danglingReferences(of service: String) -> [String] { [] }

    public func close() throws {
        try session.end()
    }

    private func requireTables() throws {
        for (service, schema) in schemas.sorted(by: { $0.key < $1.key }) {
            let isThere = try reader.exists(
                "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'hms_migrations'", [.text(schema)])
            guard isThere else { throw StorageError.cannotOpen("the schema \(schema): the \(service) service has never run there") }
        }
    }

    private static func location(of configuration: DatabaseConfiguration) throws -> PostgresLocation {
        guard case .postgres(let location) = configuration.location else {
            throw StorageError.cannotOpen("a file beside PostgreSQL: what is asked of all services needs them in one PostgreSQL database")
        }
        return location
    }
}

/// Calls the schemas by their own names where a statement calls them by the services'.
private final class NamedSchemas: SQLSession {
    let dialect = SQLDialect.postgres
    private let session: PostgresSession
    private let names: [(service: String, schema: String)]

    init(_ session: PostgresSession, _ schemas: [String: String]) {
        self.session = session
        names = schemas.filter { $0.key != $0.value }.map { ($0.key, $0.value) }
    }

    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int { try session.run(named(sql), arguments) }

    func enqueue(_ sql: String, _ arguments: [SQLValue]) throws { try session.enqueue(named(sql), arguments) }

    func pendingRow<T>(_ sql: String, _ arguments: [SQLValue], _ make: @escaping (borrowing Row) throws -> T) throws -> PendingRow<T> {
        try session.pendingRow(named(sql), arguments, make)
    }

    func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
        try session.forEachRow(named(sql), arguments, body)
    }

    func forEachRowOfMany(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
        try session.forEachRowOfMany(named(sql), arguments, body)
    }

    func hasRow(_ sql: String, _ arguments: [SQLValue]) throws -> Bool { try session.hasRow(named(sql), arguments) }

    func attempt<T>(_ body: () throws -> T) throws -> T { try session.attempt(body) }

    /// A table follows a space, as in `FROM billing.bills`.
    private func named(_ sql: String) -> String {
        names.reduce(sql) { text, name in text.replacing(" \(name.service).", with: " \(name.schema).") }
    }
}

import Foundation
import ServiceKit
import StorageTestKit
import Testing

@testable import Storage

/// A hospital on paper in schemas of PostgreSQL. What is written is written again for every look at it, in a transaction that is never
/// committed: so all of them share the tables, and a case costs no migration.
final class PaperSchemas: PaperDatabases {
    private let server: PaperServer
    private var written: [(service: String, sql: String)] = []

    init(_ server: PaperServer) {
        self.server = server
    }

    func write(_ service: String, _ sql: String) {
        // A text of bytes is of bits there.
        written.append((service, sql.replacing(/x'([0-9a-f]*)'/) { "'\\x\($0.1)'" }))
    }

    func read<Result>(_ body: (any DatabasesSideBySide) throws -> Result) throws -> Result {
        try server.inTurn { connection in
            let session = PostgresSession(connection)
            try session.start(.snapshot)
            try connection.runScript("BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE")
            for (service, sql) in written { try connection.runScript("SET LOCAL search_path = \"\(service)\", public; \(sql)") }
            return try body(OpenSchemas(Reader(session: session)))
        }
    }
}

/// The schemas as they are within a transaction that somebody else has begun, and ends by letting go of the connection.
private final class OpenSchemas: DatabasesSideBySide {
    private let reader: Reader

    init(_ reader: Reader) {
        self.reader = reader
    }

    func read<Result>(_ body: (Reader) throws -> Result) throws -> Result { try body(reader) }
    func damage(of service: String) -> [String] { [] }
    func danglingReferences(of service: String) -> [String] { [] }
    func close() {}
}

/// A database with a schema for each service, in which nothing is, and no rule but those of unique indexes.
final class PaperServer: Sendable {
    /// That of the suite that runs; nil on SQLite.
    @TaskLocal static var shared: PaperServer?

    private let settings: PostgresSettings
    /// A case may drop an index, for which it waits until nobody else reads.
    private let turn = NSLock()

    fileprivate init(_ url: String, _ services: [ServiceDefinition]) async throws {
        for service in services {
            let database = try await Database.open(.postgres(url: url, schema: service.name), schema: service.schema, logger: quiet)
            await database.close()
        }
        try TestServer.run(Self.withoutRules, on: url)
        settings = PostgresSettings(
            location: try PostgresLocation(url: url, defaultSchema: "public"), configuration: try .postgres(url: url, schema: "public"),
            pq: try PostgresLibrary.open(), logger: quiet, use: .longReads)
    }

    /// Lends a connection, and lets go of it afterwards.
    func inTurn<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
        try turn.withLock {
            do {
                return try body(try settings.connect())
            } catch let failure as PostgresFailure {
                throw failure.error
            }
        }
    }

    private static let withoutRules = """
        DO $$ DECLARE one record; BEGIN
            FOR one IN SELECT conrelid::regclass AS name, conname FROM pg_constraint WHERE contype IN ('c', 'f') AND conrelid <> 0 LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.name, one.conname);
            END LOOP;
        END $$
        """
}

extension PaperServer {
    /// Lends a suite one, where tests run on PostgreSQL.
    struct Sharing: SuiteTrait, TestScoping {
        @concurrent func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
        ) async throws {
            guard TestServer.isPresent else { return try await function() }
            try await TestServer.withOwnDatabase { _, url in
                let server = try await PaperServer(url, PaperDataFolder.services)
                try await PaperServer.$shared.withValue(server) { try await function() }
            }
        }
    }
}

extension Trait where Self == PaperServer.Sharing {
    static var onEitherEngine: Self { Self() }
}

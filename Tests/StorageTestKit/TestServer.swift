import Foundation
import Logging
import Storage
import Synchronization

/// The PostgreSQL server that tests run on, where `HMS_TEST_POSTGRES` names one. Where it doesn't, they run on SQLite.
///
/// Each test has schemas of its own, whose names are made of ``makeSchemaName(_:)``, and drops them by ``drop(_:)``.
public enum TestServer {
    /// `postgres://…`, without a schema.
    public static let url: String? = ProcessInfo.processInfo.environment["HMS_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }

    /// Whether tests run on SQLite: for those of files and locks, which PostgreSQL has none of.
    public static var isAbsent: Bool { url == nil }
    public static var isPresent: Bool { url != nil }

    /// A name that no other test has.
    public static func makeSchemaName(_ part: String = "") -> String {
        let unique = UUID().uuidString.replacing("-", with: "").lowercased()
        return part.isEmpty ? "test_\(unique)" : "test_\(unique)_\(part)"
    }

    /// The server's URL with a schema in it, as a setting has it; nil on SQLite.
    public static func url(schema: String) -> String? {
        url.map { $0 + ($0.contains("?") ? "&" : "?") + "schema=\(schema)" }
    }

    /// A database in a schema of the server; nil on SQLite. Its limits are such that only what stands still reaches them, and not
    /// what is slow because others run beside it.
    public static func configuration(schema: String) throws -> DatabaseConfiguration? {
        try url.map { url in
            var configuration = try DatabaseConfiguration.postgres(url: url, schema: schema)
            configuration.statementTimeLimit = .seconds(240)
            configuration.lockTimeLimit = .seconds(120)
            return configuration
        }
    }

    /// Removes schemas with all that is in them. Nobody waits for it: a test has ended.
    public static func drop(_ schemas: [String]) {
        if url == nil || schemas.isEmpty { return }
        Task.detached {
            // What is left is gone with the server, which is one to throw away.
            try? await dropAndWait(schemas)
        }
    }

    /// The same, for those who wait.
    public static func dropAndWait(_ schemas: [String]) async throws {
        guard let configuration = try configuration(schema: "hms_test_janitor") else { return }
        let database = try await Database.open(configuration, schema: [], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        for schema in schemas { try await database.write { try $0.execute("DROP SCHEMA IF EXISTS \"\(schema)\" CASCADE") } }
        await database.close()
    }
}

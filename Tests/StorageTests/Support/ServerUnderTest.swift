import StorageTestKit

@testable import Storage

// What tests ask of the server beside the database under test.

extension PostgresSettings {
    init(schema: String) throws {
        guard let url = TestServer.url else { throw StorageError.cannotOpen("no server") }
        self.init(
            location: try PostgresLocation(url: url, defaultSchema: schema), configuration: try .postgres(url: url, schema: schema),
            pq: try PostgresLibrary.open(), logger: quiet)
    }
}

/// Statements that need no transaction, each on its own.
func serverScript(_ sql: String) throws {
    let connection = try PostgresSettings(schema: "public").connect()
    for statement in ["SET default_transaction_read_only = off"] + sql.split(separator: ";").map(String.init) {
        try connection.runScript(statement)
    }
}

/// Breaks the connection that runs the statements of `reader`.
func endConnection(of reader: Reader) throws {
    let pid = try reader.row("SELECT pg_backend_pid()") { $0.int(0) } ?? 0
    try serverScript("SELECT pg_terminate_backend(\(pid))")
}

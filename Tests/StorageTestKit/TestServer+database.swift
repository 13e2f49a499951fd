import Foundation

extension TestServer {
    /// A database of its own on the server, gone afterwards: for what concerns a whole database.
    ///
    /// It is made and dropped by `psql`, for as long as that takes: both wait for a checkpoint of all that others have written.
    public static func withOwnDatabase(
        _ options: String = "", _ body: (_ name: String, _ url: String) async throws -> Void
    ) async throws {
        let name = makeSchemaName()
        guard let server = url, var components = URLComponents(string: server) else { throw NoServer() }
        components.path = "/\(name)"
        try run("CREATE DATABASE \(name) \(options)", on: server)
        do {
            try await body(name, components.string ?? server)
        } catch {
            try run("DROP DATABASE \(name) WITH (FORCE)", on: server)
            throw error
        }
        try run("DROP DATABASE \(name) WITH (FORCE)", on: server)
    }

    /// Runs statements by `psql`, each in a transaction of its own where it needs one.
    public static func run(_ sql: String, on url: String) throws {
        let (process, said) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/psql")
        process.arguments = [url, "-qAtX", "--set=ON_ERROR_STOP=1", "--command=\(sql)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = said
        try process.run()
        let words = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw StatementFailed(description: words) }
    }

    private struct NoServer: Error {}

    private struct StatementFailed: Error, CustomStringConvertible {
        let description: String
    }
}

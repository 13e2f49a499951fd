import GRDB
import HMSTestKit
import Logging
import Storage

/// A hospital on paper in files of SQLite.
final class PaperFiles: PaperDatabases {
    private let folder: TemporaryFolder
    private let services: [String]

    /// Makes the databases and leaves them closed.
    init(_ schemas: [String: Schema]) async throws {
        folder = try TemporaryFolder()
        services = schemas.keys.sorted()
        for (service, schema) in schemas {
            let database = try await Database.open(.sqlite(path: path(of: service)), schema: schema, logger: quiet)
            await database.close()
        }
    }

    func write(_ service: String, _ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path(of: service), configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA ignore_check_constraints = ON; " + sql) }
        try queue.close()
    }

    func read<Result>(_ body: (any DatabasesSideBySide) throws -> Result) throws -> Result {
        let files = try DatabaseFiles(Dictionary(uniqueKeysWithValues: services.map { ($0, path(of: $0)) }), held: true)
        let result = try body(files)
        try files.close()
        return result
    }

    func path(of service: String) -> String { "\(folder.path)/\(service).sqlite" }
}

let quiet = Logger(label: "paper") { _ in SwiftLogNoOpLogHandler() }

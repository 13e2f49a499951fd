import Foundation
import GRDBSQLite
import Synchronization

/// Every statement that runs on a database of one data folder, in whatever connection of this process: SQLite tells of each.
final class StatementRecorder: Sendable {
    private let folder: String
    private let statements = Mutex<[String: Set<String>]>([:])

    /// To be made before the databases are opened.
    ///
    /// - Parameter folder: the data folder, a folder for each service in it.
    init(_ folder: String) {
        self.folder = folder
        Self.listenToEveryConnection()
    }

    func start() {
        Self.recorders.withLock { $0.append(self) }
    }

    func stop() {
        Self.recorders.withLock { $0.removeAll { $0 === self } }
    }

    /// Statements that read or change rows, spaces made one, by service.
    var recorded: [String: Set<String>] { statements.withLock { $0 } }

    private func note(_ sql: String, in path: String) {
        guard path.hasPrefix(folder + "/") else { return }
        let service = path.dropFirst(folder.count + 1).prefix { $0 != "/" }
        let text = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let verb = text.split(separator: " ").first, Self.verbs.contains(String(verb)) else { return }
        // GRDB's look at the schema, and what FTS5 does with its own tables.
        guard !text.contains("sqlite_master"), !text.contains("'main'.'name_grams") else { return }
        statements.withLock { _ = $0[String(service), default: []].insert(text) }
    }

    private static let verbs: Set<String> = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]

    // MARK: SQLite's side

    private static let recorders = Mutex<[StatementRecorder]>([])

    private static func listenToEveryConnection() { _ = isListening }

    private static let isListening: Void = {
        typealias EntryPoint =
            @convention(c) (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, OpaquePointer?) -> Int32
        let listen: EntryPoint = { connection, _, _ in
            sqlite3_trace_v2(connection, UInt32(SQLITE_TRACE_STMT), { _, _, statement, _ in StatementRecorder.note(statement) }, nil)
        }
        // SQLite's header declares entry points without their parameters.
        sqlite3_auto_extension(unsafeBitCast(listen, to: (@convention(c) () -> Void).self))
    }()

    private static func note(_ pointer: UnsafeMutableRawPointer?) -> Int32 {
        let statement = pointer.map(OpaquePointer.init)
        guard let sql = sqlite3_sql(statement), let path = sqlite3_db_filename(sqlite3_db_handle(statement), "main") else {
            return SQLITE_OK
        }
        let (text, file) = (String(cString: sql), String(cString: path))
        for recorder in recorders.withLock({ $0 }) { recorder.note(text, in: file) }
        return SQLITE_OK
    }
}

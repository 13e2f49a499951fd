import GRDBSQLite

/// A prepared statement and the row it stands on.
final class SQLiteStatement {
    /// `nil` once finalized; SQLite answers calls with it by SQLITE_MISUSE.
    private(set) var handle: OpaquePointer?
    let columnCount: Int
    private let parameterCount: Int
    /// When the cache handed it out last.
    var lastUse: UInt64 = 0
    /// Whether rows are being read, so that the same SQL asked for within needs another statement.
    private(set) var isRunning = false
    /// Whether its last run ended by an error of its own, and not by one of whoever read its rows.
    private(set) var hasFailed = false
    /// The first column that was asked for what it did not hold.
    private var misreadColumn: Int32 = -1

    init(handle: OpaquePointer) {
        self.handle = handle
        columnCount = Int(sqlite3_column_count(handle))
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
    }

    deinit {
        finalize()
    }

    /// Releases the statement before its connection closes.
    func finalize() {
        sqlite3_finalize(handle)
        handle = nil
    }

    /// Runs with `arguments`, and calls `body` at every row until it returns `false`.
    func forEachRow(_ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
        isRunning = true
        hasFailed = false
        defer { finish() }
        try bind(arguments)
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                let goOn = try body(Row(columns: .sqlite(self)))
                try throwMisread()
                if !goOn { return }
            case SQLITE_DONE:
                return
            case let code:
                hasFailed = true
                throw StorageError(stepCode: code, connection: sqlite3_db_handle(handle))
            }
        }
    }

    private func finish() {
        // A failed step says its error again here; it was thrown where it happened.
        sqlite3_reset(handle)
        if parameterCount > 0 { sqlite3_clear_bindings(handle) }
        misreadColumn = -1
        isRunning = false
    }

    private func bind(_ arguments: [SQLValue]) throws {
        guard arguments.count == parameterCount else {
            throw StorageError.invalidStatement("\(parameterCount) parameters, \(arguments.count) arguments")
        }
        var index: Int32 = 0
        for argument in arguments {
            index += 1
            let code = bind(argument, at: index)
            guard code == SQLITE_OK else { throw StorageError(stepCode: code, connection: sqlite3_db_handle(handle)) }
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let integer):
            return sqlite3_bind_int64(handle, index, integer)
        case .real(let real):
            return sqlite3_bind_double(handle, index, real)
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { bytes in
                    // An empty buffer may have no address, and a null pointer would bind NULL.
                    guard let start = bytes.baseAddress else { return sqlite3_bind_text(handle, index, "", 0, copied) }
                    return sqlite3_bind_text64(handle, index, start, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let blob):
            guard !blob.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
            return sqlite3_bind_blob64(handle, index, blob, UInt64(blob.count), copied)
        }
    }
}

/// SQLITE_TRANSIENT: SQLite copies what is bound before the call returns.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

// MARK: - Columns of the current row

extension SQLiteStatement {
    func isNull(_ column: Int) -> Bool { type(of: column) == SQLITE_NULL }

    func integer(_ column: Int) -> Int64 {
        guard holds(SQLITE_INTEGER, column) else { return 0 }
        return sqlite3_column_int64(handle, Int32(truncatingIfNeeded: column))
    }

    func real(_ column: Int) -> Double {
        if type(of: column) == SQLITE_INTEGER { return Double(integer(column)) }
        guard holds(SQLITE_FLOAT, column) else { return 0 }
        return sqlite3_column_double(handle, Int32(truncatingIfNeeded: column))
    }

    func text(_ column: Int) -> String {
        guard holds(SQLITE_TEXT, column) else { return "" }
        let index = Int32(truncatingIfNeeded: column)
        guard let start = sqlite3_column_text(handle, index) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] {
        guard holds(SQLITE_BLOB, column) else { return [] }
        let index = Int32(truncatingIfNeeded: column)
        guard let start = sqlite3_column_blob(handle, index) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))))
    }

    func value(_ column: Int) -> SQLValue {
        switch type(of: column) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(real(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }

    private func type(of column: Int) -> Int32 {
        sqlite3_column_type(handle, Int32(truncatingIfNeeded: column))
    }

    private func holds(_ wanted: Int32, _ column: Int) -> Bool {
        if type(of: column) == wanted { return true }
        if misreadColumn < 0 { misreadColumn = max(0, Int32(truncatingIfNeeded: column)) }
        return false
    }

    private func throwMisread() throws {
        guard misreadColumn >= 0 else { return }
        let name = sqlite3_column_name(handle, misreadColumn).map { String(cString: $0) }
        throw StorageError.unexpectedValue(column: name ?? "#\(misreadColumn)")
    }
}

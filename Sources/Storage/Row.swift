/// One row of a result, by position; it lives only while the closure that got it runs.
///
/// Asking a column for what it does not hold (NULL included) is answered with an empty value, and the statement then
/// throws ``StorageError/unexpectedValue(column:)`` instead of returning: a wrong read can't go unnoticed.
public struct Row: ~Copyable {
    /// Where the row is read. Two cases and no existential: a column of SQLite is read within nanoseconds.
    enum Columns {
        case sqlite(SQLiteStatement)
        case postgres(PostgresRows)
    }

    let columns: Columns

    public var count: Int {
        switch columns {
        case .sqlite(let statement): statement.columnCount
        case .postgres(let rows): rows.columnCount
        }
    }

    public func isNull(_ column: Int) -> Bool {
        switch columns {
        case .sqlite(let statement): statement.isNull(column)
        case .postgres(let rows): rows.isNull(column)
        }
    }

    public func int64(_ column: Int) -> Int64 {
        switch columns {
        case .sqlite(let statement): statement.integer(column)
        case .postgres(let rows): rows.integer(column)
        }
    }

    public func double(_ column: Int) -> Double {
        switch columns {
        case .sqlite(let statement): statement.real(column)
        case .postgres(let rows): rows.real(column)
        }
    }

    public func text(_ column: Int) -> String {
        switch columns {
        case .sqlite(let statement): statement.text(column)
        case .postgres(let rows): rows.text(column)
        }
    }

    public func blob(_ column: Int) -> [UInt8] {
        switch columns {
        case .sqlite(let statement): statement.blob(column)
        case .postgres(let rows): rows.blob(column)
        }
    }

    /// The column as whatever it holds.
    public func value(_ column: Int) -> SQLValue {
        switch columns {
        case .sqlite(let statement): statement.value(column)
        case .postgres(let rows): rows.value(column)
        }
    }
}

extension Row {
    public func int(_ column: Int) -> Int { Int(truncatingIfNeeded: int64(column)) }
    public func bool(_ column: Int) -> Bool { int64(column) != 0 }

    public func int64OrNil(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
    public func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
    public func boolOrNil(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
    public func doubleOrNil(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    public func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    public func blobOrNil(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
}

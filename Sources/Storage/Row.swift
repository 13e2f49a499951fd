/// One row of a result, by position; it lives only while the closure that got it runs.
///
/// Asking a column for what it does not hold (NULL included) is answered with an empty value, and the statement then
/// throws ``StorageError/unexpectedValue(column:)`` instead of returning: a wrong read can't go unnoticed.
public struct Row: ~Copyable {
    /// A second engine makes this an enum of the two.
    let columns: SQLiteStatement

    public var count: Int { columns.columnCount }
    public func isNull(_ column: Int) -> Bool { columns.isNull(column) }

    public func int64(_ column: Int) -> Int64 { columns.integer(column) }
    public func int(_ column: Int) -> Int { Int(truncatingIfNeeded: columns.integer(column)) }
    public func bool(_ column: Int) -> Bool { columns.integer(column) != 0 }
    public func double(_ column: Int) -> Double { columns.real(column) }
    public func text(_ column: Int) -> String { columns.text(column) }
    public func blob(_ column: Int) -> [UInt8] { columns.blob(column) }

    public func int64OrNil(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
    public func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
    public func boolOrNil(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
    public func doubleOrNil(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    public func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    public func blobOrNil(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }

    /// The column as whatever it holds.
    public func value(_ column: Int) -> SQLValue { columns.value(column) }
}

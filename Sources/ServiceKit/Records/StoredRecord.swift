public import Storage
public import Vocabulary

/// A record as a table holds it whose rows are numbered in the order in which they were made.
public protocol StoredRecord: Sendable {
    static var kind: RecordKind { get }
    static var table: String { get }
    /// In the order in which ``init(_:)`` reads them.
    static var columns: String { get }
    /// Which rows are exported: empty for all, or a condition that begins with ` AND `.
    static var exportCondition: String { get }
    /// The column `seq`.
    var sequence: Int64 { get }

    init(_ row: borrowing Row) throws
}

extension StoredRecord {
    public static var exportCondition: String { "" }

    static var idColumn: String { "\(kind.rawValue)_id" }
}

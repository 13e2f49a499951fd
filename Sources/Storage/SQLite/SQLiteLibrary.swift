import GRDBSQLite

/// The SQLite that this program was linked with.
public enum SQLiteLibrary {
    public static var version: String { String(cString: sqlite3_libversion()) }

    /// Whether it is one of those that can corrupt a log which connections of two processes write or checkpoint at once: 3.7.0 to
    /// 3.51.2. The lock beside each database keeps a second process out.
    public static var canResetForeignLogs: Bool { canResetForeignLogs(number: Int(sqlite3_libversion_number())) }

    static func canResetForeignLogs(number: Int) -> Bool { (3_007_000...3_051_002).contains(number) }
}

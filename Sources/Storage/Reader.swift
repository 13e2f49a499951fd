/// Statements over one snapshot of the database. It lives only inside the closure of ``Database/read(_:)``.
///
/// Statements are prepared once per connection and cached by their text, so text is constant and values go in by `?`.
public class Reader {
    let session: any SQLSession

    init(session: any SQLSession) {
        self.session = session
    }

    /// For statements that can't be portable; ask for nothing else.
    public var dialect: SQLDialect { session.dialect }

    /// All rows, each made into a value.
    public func rows<T>(_ sql: String, _ arguments: [SQLValue] = [], _ make: (borrowing Row) throws -> T) throws -> [T] {
        var all: [T] = []
        try session.forEachRow(sql, arguments) { row in
            all.append(try make(row))
            return true
        }
        return all
    }

    /// The first row made into a value, or `nil` where there is none.
    public func row<T>(_ sql: String, _ arguments: [SQLValue] = [], _ make: (borrowing Row) throws -> T) throws -> T? {
        var first: T?
        try session.forEachRow(sql, arguments) { row in
            first = try make(row)
            return false
        }
        return first
    }

    /// Calls `body` with each row until it returns `false`; nothing is kept, so results of any length fit.
    public func forEachRow(_ sql: String, _ arguments: [SQLValue] = [], _ body: (borrowing Row) throws -> Bool) throws {
        try session.forEachRowOfMany(sql, arguments, body)
    }

    /// Whether the statement has at least one row.
    public func exists(_ sql: String, _ arguments: [SQLValue] = []) throws -> Bool {
        try session.hasRow(sql, arguments)
    }
}

import GRDBSQLite

/// Which unique index refused a row.
///
/// SQLite names the columns (`table.a, table.b`), or the index where it is over expressions; PostgreSQL names the index.
/// Services are told both, so the index is looked up here, once per violation.
struct UniqueIndex {
    let violation: StorageError

    init(_ detail: String, isPrimaryKey: Bool, _ connection: OpaquePointer?) {
        if detail.hasPrefix("index '") {
            violation = .uniqueViolation(index: String(detail.dropFirst(7).dropLast()), columns: [])
            return
        }
        let qualified = detail.split(separator: ",").map { $0.drop { $0 == " " } }
        let table = qualified.first?.split(separator: ".").first.map(String.init) ?? ""
        let columns = qualified.compactMap { $0.split(separator: ".").last.map(String.init) }
        let conventional = isPrimaryKey ? "\(table)_pkey" : "\(table)_\(columns.joined(separator: "_"))_key"
        let named = isPrimaryKey ? nil : connection.flatMap { Self.indexName(table: table, columns: columns, $0) }
        violation = .uniqueViolation(index: named ?? conventional, columns: columns)
    }

    /// The named unique index over exactly these columns; `nil` where there is none or more than one.
    private static func indexName(table: String, columns: [String], _ connection: OpaquePointer) -> String? {
        let sql = """
            SELECT l.name, (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno))
            FROM pragma_index_list(?) AS l WHERE l."unique" = 1 AND l.origin = 'c'
            """
        var handle: OpaquePointer?
        guard sqlite3_prepare_v2(connection, sql, -1, &handle, nil) == SQLITE_OK, let handle else { return nil }
        let statement = SQLiteStatement(handle: handle)
        var names: [String] = []
        let wanted = columns.joined(separator: ",")
        // Looking up a name must not replace the violation by another error.
        try? statement.forEachRow([.text(table)]) { row in
            if row.textOrNil(1) == wanted { names.append(row.text(0)) }
            return true
        }
        return names.count == 1 ? names[0] : nil
    }
}

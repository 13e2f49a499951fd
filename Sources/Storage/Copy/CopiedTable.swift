/// A table as it is read and written in a copy from one engine to another.
struct CopiedTable: Hashable, Sendable {
    let name: String
    let columns: [String]
    /// The columns of its primary key in their order; all columns where it has none.
    let key: [String]
    let hasKey: Bool
    /// The column that numbers rows by itself; nil where none does.
    let identity: String?

    /// What is of one database and not of the hospital, or is made of the rest: migrations, leases, recipes, indexes of names.
    private static let ownTables: Set<String> = ["hms_migrations", "hms_leases", "hms_recipe", DatabaseCopy.mark]

    static func isCopied(_ name: String) -> Bool {
        !ownTables.contains(name) && !name.hasPrefix("sqlite_") && !name.hasPrefix("name_grams")
    }

    /// The same table with the columns only that `other` has too: a column of one engine alone is made by that engine.
    func shared(with other: CopiedTable) -> CopiedTable {
        let common = Set(other.columns)
        return CopiedTable(
            name: name, columns: columns.filter(common.contains), key: key.filter(common.contains), hasKey: hasKey, identity: identity)
    }

    private static func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

    /// A page of rows in the order of the key, after the row whose key is given.
    func page(after place: CopyPlace?, limit: Int) -> (sql: String, arguments: [SQLValue]) {
        let order = "ORDER BY \(Self.quoted(key)) LIMIT ?"
        let start = "SELECT \(Self.quoted(columns)) FROM \"\(name)\""
        guard let place else { return ("\(start) \(order)", [SQLValue(limit)]) }
        if !hasKey { return ("\(start) \(order) OFFSET ?", [SQLValue(limit), SQLValue(place.rows)]) }
        let parameters = key.map { _ in "?" }.joined(separator: ", ")
        return ("\(start) WHERE (\(Self.quoted(key))) > (\(parameters)) \(order)", place.key + [SQLValue(limit)])
    }

    var insertion: String {
        "INSERT INTO \"\(name)\" (\(Self.quoted(columns))) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))"
    }

    var deletion: String { "DELETE FROM \"\(name)\"" }

    func key(of row: [SQLValue]) -> [SQLValue] {
        key.compactMap { name in columns.firstIndex(of: name).map { row[$0] } }
    }
}

/// How far a table was read.
struct CopyPlace: Sendable {
    var rows: Int
    var key: [SQLValue]
}

extension Reader {
    /// The tables of the service and of Storage, those that others refer to first.
    func copiedTables() throws -> [CopiedTable] {
        let names: [String] =
            switch dialect {
            case .sqlite: try rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid") { $0.text(0) }
            case .postgres:
                try rows(
                    """
                    SELECT c.relname::TEXT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = current_schema() AND c.relkind = 'r' ORDER BY c.oid
                    """
                ) { $0.text(0) }
            }
        return try names.filter(CopiedTable.isCopied).map(copiedTable)
    }

    private func copiedTable(_ name: String) throws -> CopiedTable {
        let columns = try columns(of: name)
        let key = columns.filter { $0.keyPlace > 0 }.sorted { $0.keyPlace < $1.keyPlace }.map(\.name)
        return CopiedTable(
            name: name, columns: columns.map(\.name), key: key.isEmpty ? columns.map(\.name) : key, hasKey: !key.isEmpty,
            identity: columns.first(where: \.isIdentity)?.name)
    }

    private typealias Column = (name: String, keyPlace: Int, isIdentity: Bool)

    private func columns(of table: String) throws -> [Column] {
        switch dialect {
        case .sqlite:
            try rows("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", [.text(table)]) { ($0.text(0), $0.int(1), false) }
        case .postgres:
            try rows(
                """
                SELECT a.attname::TEXT, COALESCE(array_position(i.indkey::INT2[], a.attnum) + 1, 0)::BIGINT,
                    (a.attidentity <> '')::INT::BIGINT
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
                WHERE n.nspname = current_schema() AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
                """, [.text(table)]
            ) { ($0.text(0), $0.int(1), $0.bool(2)) }
        }
    }
}

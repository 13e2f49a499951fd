/// Moves what a service keeps from one database to another, of whichever engine: all its tables and Storage's own.
///
/// The service must not run meanwhile. The target is one that has nothing in it, or a copy that was not finished: it carries a mark
/// from the first row to the last check, with which no service starts. A table that is there already, to the last row, is not
/// copied again, so a copy that was interrupted can be run again.
public struct DatabaseCopy: Sendable {
    static let mark = "hms_copy_not_finished"

    private let source: Database
    private let target: Database

    /// - Parameter target: opened with ``DatabaseConfiguration/isTargetOfCopy``.
    public init(from source: Database, to target: Database) {
        self.source = source
        self.target = target
    }

    /// Copies and compares table after table.
    ///
    /// - Parameter onProgress: told the table, and how many of its rows are there, again and again.
    /// - Returns: how many rows are in the target now.
    /// - Throws: ``CopyError``, ``StorageError``.
    public func run(onProgress: @Sendable (_ table: String, _ rows: Int) async throws -> Void) async throws -> Int {
        let tables = try await sharedTables()
        try await requireRoom(in: tables)
        var sums: [String: ContentSum] = [:]
        for table in tables { sums[table.name] = try await source.contentSum(of: table) }
        let differing = try await tables.filteredAsync { try await target.contentSum(of: $0) != sums[$0.name] }
        // Those that refer to others first.
        for table in differing.reversed() { try await clear(table) }
        for table in differing { try await copy(table, onProgress) }
        for table in tables where try await target.contentSum(of: table) != sums[table.name] {
            throw CopyError.differs(table: table.name)
        }
        return sums.values.reduce(0) { $0 + $1.rows }
    }

    /// Takes the mark away: from now on a service may start on the target.
    public func finish() async throws {
        try await Self.finish(target)
    }

    /// The same for a target that was opened again.
    public static func finish(_ target: Database) async throws {
        try await target.write { try $0.execute("DROP TABLE IF EXISTS \(mark)") }
    }

    private func sharedTables() async throws -> [CopiedTable] {
        let (there, here) = (try await source.scan { try $0.copiedTables() }, try await target.scan { try $0.copiedTables() })
        let byName = Dictionary(there.map { ($0.name, $0) }) { first, _ in first }
        guard Set(byName.keys) == Set(here.map(\.name)) else { throw CopyError.otherTables }
        // PostgreSQL's tables stand in an order in which references go back.
        let ordered = target.isShared ? here : there
        return ordered.compactMap { table in
            here.first { $0.name == table.name }.flatMap { target in byName[table.name].map { target.shared(with: $0) } }
        }
    }

    /// Marks the target, if it has nothing or is marked already.
    private func requireRoom(in tables: [CopiedTable]) async throws {
        try await target.write { transaction in
            if try transaction.hasUnfinishedCopy() { return }
            for table in tables where try transaction.exists("SELECT 1 FROM \"\(table.name)\"") {
                throw CopyError.notEmpty(table: table.name)
            }
            try transaction.execute("CREATE TABLE \(Self.mark) (begun BIGINT NOT NULL PRIMARY KEY)")
        }
    }
}

// MARK: - Tables

extension DatabaseCopy {
    private func clear(_ table: CopiedTable) async throws {
        // An empty table is left alone: what is append-only can't be emptied, not even of nothing.
        try await target.write { transaction in
            guard try transaction.exists("SELECT 1 FROM \"\(table.name)\"") else { return }
            try transaction.withAuditOpen { try transaction.execute(table.deletion) }
        }
    }

    private func copy(_ table: CopiedTable, _ onProgress: @Sendable (String, Int) async throws -> Void) async throws {
        var place: CopyPlace?
        while let page = try await source.page(of: table, after: place) {
            try await target.insert(page.rows, into: table)
            place = page.end
            try await onProgress(table.name, page.end.rows)
        }
        guard let identity = table.identity else { return }
        try await target.write { try $0.setNext(identity, of: table.name) }
    }
}

extension Transaction {
    /// The next row gets the number behind the highest that is there.
    fileprivate func setNext(_ column: String, of table: String) throws {
        guard dialect == .postgres else { return }
        _ = try row(
            "SELECT setval(pg_get_serial_sequence(?, ?), (SELECT COALESCE(max(\"\(column)\"), 0) + 1 FROM \"\(table)\"), false)",
            [.text(table), .text(column)]
        ) { $0.int64(0) }
    }
}

extension Reader {
    /// Whether somebody has begun to copy another database into this one, and has not finished.
    func hasUnfinishedCopy() throws -> Bool {
        switch dialect {
        case .sqlite: try exists("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [.text(DatabaseCopy.mark)])
        case .postgres:
            try exists("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?", [.text(DatabaseCopy.mark)])
        }
    }
}

extension [CopiedTable] {
    fileprivate func filteredAsync(_ isWanted: (CopiedTable) async throws -> Bool) async throws -> [CopiedTable] {
        var wanted: [CopiedTable] = []
        for table in self where try await isWanted(table) { wanted.append(table) }
        return wanted
    }
}

/// Why a database was not copied.
public enum CopyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The target has data of its own.
    case notEmpty(table: String)
    /// Source and target are not of the same service, or of different versions.
    case otherTables
    /// The table is not the same on both sides: somebody has written to one of them meanwhile.
    case differs(table: String)

    public var description: String {
        switch self {
        case .notEmpty(let table): "there is data in \(table) already: a copy needs an empty database"
        case .otherTables: "source and target have different tables: they are of different services or versions"
        case .differs(let table): "\(table) is not the same on both sides: stop every service and run the copy again"
        }
    }
}

extension DatabaseSchemas {
    /// Copies what a service keeps, as it was at the moment at which these schemas are looked at, while the hospital goes on. So
    /// copies of several services fit together.
    ///
    /// - Parameter target: with the service's own tables, and nothing in them.
    /// - Returns: how many rows were copied; they were read again, and are the same.
    /// - Throws: ``CopyError``, ``StorageError``.
    public func copy(_ service: String, into target: Database) async throws -> Int {
        try enter(service)
        let there = try reader.copiedTables()
        let here = Dictionary(try await target.scan { try $0.copiedTables() }.map { ($0.name, $0) }) { first, _ in first }
        guard Set(here.keys) == Set(there.map(\.name)) else { throw CopyError.otherTables }
        var rows = 0
        // PostgreSQL's tables stand in an order in which references go back.
        for table in there {
            guard let own = here[table.name] else { continue }
            rows += try await copy(own.shared(with: table), into: target)
        }
        return rows
    }

    private func copy(_ table: CopiedTable, into target: Database) async throws -> Int {
        var sum = ContentSum()
        var place: CopyPlace?
        while let page = try reader.page(of: table, after: place) {
            for row in page.rows { sum.add(row) }
            try await target.insert(page.rows, into: table)
            place = page.end
        }
        guard try await target.contentSum(of: table) == sum else { throw CopyError.differs(table: table.name) }
        return sum.rows
    }

    /// Tables without a schema are this service's, until another is entered.
    private func enter(_ service: String) throws {
        _ = try reader.row("SELECT set_config('search_path', quote_ident(?), true)", [.text(schemas[service] ?? service)]) { $0.text(0) }
    }
}

/// Some rows of a table, and where the next page begins.
typealias CopiedPage = (rows: [[SQLValue]], end: CopyPlace)

extension Reader {
    /// The rows behind a place; nil after the last.
    func page(of table: CopiedTable, after place: CopyPlace?) throws -> CopiedPage? {
        let page = table.page(after: place, limit: 500)
        let rows = try rows(page.sql, page.arguments) { row in table.columns.indices.map { row.value($0) } }
        guard let last = rows.last else { return nil }
        return (rows, CopyPlace(rows: (place?.rows ?? 0) + rows.count, key: table.key(of: last)))
    }
}

extension Database {
    func page(of table: CopiedTable, after place: CopyPlace?) async throws -> CopiedPage? {
        try await scan { try $0.page(of: table, after: place) }
    }

    func insert(_ rows: [[SQLValue]], into table: CopiedTable) async throws {
        try await write { transaction in
            for row in rows { try transaction.enqueue(table.insertion, row) }
        }
    }

    func contentSum(of table: CopiedTable) async throws -> ContentSum {
        var sum = ContentSum()
        var place: CopyPlace?
        while let page = try await page(of: table, after: place) {
            for row in page.rows { sum.add(row) }
            place = page.end
        }
        return sum
    }
}

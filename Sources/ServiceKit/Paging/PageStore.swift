public import Storage

extension Reader {
    /// A page of the records that meet all conditions, newest first. It goes on after the last record of the page before, so
    /// what is made meanwhile moves nothing.
    public func newest<Record: StoredRecord>(_ page: PageRequest<Int64>, where conditions: ListConditions) throws -> ListPage<Record> {
        let found = try rows(
            "SELECT \(Record.columns) FROM \(Record.table) WHERE \(conditions.sql) ORDER BY seq DESC LIMIT ?",
            conditions.arguments + [.integer(Int64(page.limit))]
        ) { try Record($0) }
        return page.page(of: found, \.sequence)
    }
}

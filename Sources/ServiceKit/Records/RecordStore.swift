public import Storage
import Vocabulary

extension Reader {
    /// - Throws: `…_NOT_FOUND` where no record of the kind has this id.
    public func record<Record: StoredRecord>(_ id: String) throws -> Record {
        let found = try row("SELECT \(Record.columns) FROM \(Record.table) WHERE \(Record.idColumn) = ?", [.text(id)]) { try Record($0) }
        guard let found else { throw Rejection.notFound(Record.kind) }
        return found
    }

    /// Records in the order in which they were made.
    func oldestRecords<Record: StoredRecord>(after sequence: Int64, limit: Int) throws -> [Record] {
        try rows(
            "SELECT \(Record.columns) FROM \(Record.table) WHERE seq > ?\(Record.exportCondition) ORDER BY seq LIMIT ?",
            [.integer(sequence), .integer(Int64(limit))]
        ) { try Record($0) }
    }
}

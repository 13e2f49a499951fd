import Contracts
import ServiceKit
import Storage
import Vocabulary

// Finds patients by parts of their name, the newest first. Each engine has an index that the other has no like of: ``NameGrams`` in
// an FTS5 table of SQLite, pairs of letters in a GIN index of PostgreSQL. Both say only who may have the name, so what is found is
// compared with the row itself, and the answers are the same in the same order.

extension Reader {
    func patients(named name: NameQuery, _ status: PatientStatus?, before end: Int64, limit: Int) throws -> [StoredPatient] {
        let wanted = try WantedNames(name, status)
        switch dialect {
        case .sqlite: return try patientsByGrams(wanted, before: end, limit: limit)
        case .postgres: return try patientsByLetterPairs(wanted, before: end, limit: limit)
        }
    }

    /// Goes through the patients behind `start` one by one.
    func patientsLookedThrough(for wanted: WantedNames, after start: Int64, before end: Int64, limit: Int) throws -> [StoredPatient] {
        try rows(
            """
            SELECT \(StoredPatient.columns) FROM patients
            WHERE seq > ? AND seq < ? \(wanted.condition) ORDER BY seq DESC LIMIT ?
            """,
            [.integer(start), .integer(end)] + wanted.arguments + [.integer(Int64(limit))],
            StoredPatient.init)
    }

    func newestPatient() throws -> Int64 {
        try row("SELECT max(seq) FROM patients") { $0.int64OrNil(0) ?? 0 } ?? 0
    }
}

extension Transaction {
    /// Keeps the index in step with a new patient. PostgreSQL does it by itself.
    func patientWasAdded(at sequence: Int64) throws {
        if dialect == .sqlite { try addGrams(through: sequence) }
    }

    /// Keeps the index in step with a change of this patient's row. PostgreSQL does it by itself.
    func reindexing(_ sequence: Int64, _ change: () throws -> Void) throws {
        switch dialect {
        case .sqlite: try replacingGrams(of: sequence, change)
        case .postgres: try change()
        }
    }
}

/// Names that are looked for, among patients of a status where one is given.
struct WantedNames: Sendable {
    let words: [FoldedText]
    let status: PatientStatus?
    /// Asks of each row what no index can tell: whether the name has the words, and not only their pieces.
    let condition: String
    let arguments: [SQLValue]

    fileprivate init(_ name: NameQuery, _ status: PatientStatus?) throws {
        words = name.words
        self.status = status
        condition = (name.words.map { _ in "AND \(Reader.hasWord)" } + (status == nil ? [] : ["AND status = ?"])).joined(separator: " ")
        arguments = try name.words.map { .pattern(containing: $0.text) } + (status.map { [try .word($0)] } ?? [])
    }
}

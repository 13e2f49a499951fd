import Contracts
import ServiceKit
import Storage
import Vocabulary

/// Finds patients by parts of their name: the one place where the service's SQL is SQLite's own.
///
/// `name_grams` is an FTS5 table whose words are the ``NameGrams`` of each name. It holds nothing but, for every gram, the
/// ordered list of `seq`, which is walked from the newest down: a common part fills its page at once, a rare one has a
/// short list, and several grams are intersected by leaps. What is found is compared with the row itself.
///
/// Adding to FTS5 costs most per transaction part, so names are added 64 at a time, by the registration that completes
/// the 64. The newest up to 63 patients are looked at one by one.
///
/// On PostgreSQL a `GIN (name_folded gin_trgm_ops)` index of pg_trgm takes its place: `name_folded LIKE '%…%'` uses it,
/// its own pending list does the batching, and nothing is written here. Trigrams do not help parts of one or two characters:
/// those walk `seq` downwards, which ends soon for all but the rarest.
enum NameIndex {
    static let batch: Int64 = 64

    /// The last `seq` that is in the index, of those up to `newest`.
    static func end(at newest: Int64) -> Int64 { newest / batch * batch }
}

extension Reader {
    func patients(named name: NameQuery, _ status: PatientStatus?, before end: Int64, limit: Int) throws -> [StoredPatient] {
        let indexEnd = try lastIndexedSequence()
        let newest = try unindexedPatients(named: name, status, after: indexEnd, before: end, limit: limit)
        guard newest.count < limit else { return newest }
        return try newest + indexedPatients(named: name, status, before: min(end, indexEnd + 1), limit: limit - newest.count)
    }

    fileprivate func lastIndexedSequence() throws -> Int64 {
        NameIndex.end(at: try row("SELECT max(seq) FROM patients") { $0.int64OrNil(0) ?? 0 } ?? 0)
    }

    private func unindexedPatients(
        named name: NameQuery, _ status: PatientStatus?, after start: Int64, before end: Int64, limit: Int
    ) throws -> [StoredPatient] {
        let status = try StatusCondition(status)
        return try rows(
            """
            SELECT \(StoredPatient.columns) FROM patients
            WHERE seq > ? AND seq < ? \(Self.condition(name)) \(status.sql) ORDER BY seq DESC LIMIT ?
            """,
            [.integer(start), .integer(end)] + Self.patterns(name) + status.arguments + [.integer(Int64(limit))],
            StoredPatient.init)
    }

    private func indexedPatients(
        named name: NameQuery, _ status: PatientStatus?, before end: Int64, limit: Int
    ) throws -> [StoredPatient] {
        let condition = try StatusCondition(status)
        return try rows(
            """
            SELECT \(StoredPatient.columns) FROM name_grams CROSS JOIN patients ON patients.seq = name_grams.rowid
            WHERE name_grams MATCH ? AND name_grams.rowid < ? \(Self.condition(name)) \(condition.sql)
            ORDER BY name_grams.rowid DESC LIMIT ?
            """,
            [.text(Self.match(name, status)), .integer(end)] + Self.patterns(name) + condition.arguments + [.integer(Int64(limit))],
            StoredPatient.init)
    }

    /// Asks of each row what the index can't tell: whether the name has the words, and not only their pieces.
    private static func condition(_ name: NameQuery) -> String {
        name.words.map { _ in "AND \(hasWord)" }.joined(separator: " ")
    }

    private static func patterns(_ name: NameQuery) -> [SQLValue] {
        name.words.map { .pattern(containing: $0.text) }
    }

    private static func match(_ name: NameQuery, _ status: PatientStatus?) -> String {
        let mark = status == .inactive ? [NameGrams.inactiveMark] : []
        return (mark + NameGrams.cover(of: name.words)).map { "\"\($0)\"" }.joined(separator: " AND ")
    }
}

extension Transaction {
    /// Adds the names of a batch, when this patient completes one.
    func patientWasAdded(at sequence: Int64) throws {
        guard sequence == NameIndex.end(at: sequence) else { return }
        for name in try indexedNames(after: sequence - NameIndex.batch, through: sequence) { try add(name) }
    }

    /// Keeps the index in step with a change of this patient's row.
    func reindexing(_ sequence: Int64, _ change: () throws -> Void) throws {
        let isIndexed = try sequence <= lastIndexedSequence()
        if isIndexed { for name in try indexedNames(after: sequence - 1, through: sequence) { try remove(name) } }
        try change()
        if isIndexed { for name in try indexedNames(after: sequence - 1, through: sequence) { try add(name) } }
    }

    private func indexedNames(after start: Int64, through end: Int64) throws -> [IndexedName] {
        try rows(
            "SELECT seq, name_folded, status FROM patients WHERE seq > ? AND seq <= ?", [.integer(start), .integer(end)], IndexedName.init)
    }

    private func add(_ name: IndexedName) throws {
        try execute("INSERT INTO name_grams (rowid, grams) VALUES (?, ?)", [.integer(name.sequence), .text(name.grams)])
    }

    /// FTS5 must be told what it holds, to the letter.
    private func remove(_ name: IndexedName) throws {
        try execute(
            "INSERT INTO name_grams (name_grams, rowid, grams) VALUES ('delete', ?, ?)", [.integer(name.sequence), .text(name.grams)])
    }
}

/// What the index knows of one patient.
private struct IndexedName {
    let sequence: Int64
    let grams: String

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        let name = FoldedText(alreadyFolded: row.text(1))
        let status: PatientStatus = try row.word(2)
        grams = NameGrams.text(of: name, isInactive: status == .inactive)
    }
}

/// A condition on the status that may be none.
private struct StatusCondition {
    let sql: String
    let arguments: [SQLValue]

    init(_ status: PatientStatus?) throws {
        sql = status == nil ? "" : "AND status = ?"
        arguments = try status.map { [try .word($0)] } ?? []
    }
}

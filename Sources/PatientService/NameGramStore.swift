import Contracts
import ServiceKit
import Storage
import Vocabulary

/// The index of names in SQLite.
///
/// `name_grams` is an FTS5 table whose words are the ``NameGrams`` of each name. It holds nothing but, for every gram, the
/// ordered list of `seq`, which is walked from the newest down: a common part fills its page at once, a rare one has a
/// short list, and several grams are intersected by leaps.
///
/// Adding to FTS5 costs most per transaction part, so names are added 64 at a time, by the registration that completes
/// the 64. The newest up to 63 patients are looked at one by one.
enum NameIndex {
    static let batch: Int64 = 64

    /// The last `seq` that is in the index, of those up to `newest`.
    static func end(at newest: Int64) -> Int64 { newest / batch * batch }
}

extension Reader {
    func patientsByGrams(_ wanted: WantedNames, before end: Int64, limit: Int) throws -> [StoredPatient] {
        let indexEnd = try lastIndexedSequence()
        let newest = try patientsLookedThrough(for: wanted, after: indexEnd, before: end, limit: limit)
        guard newest.count < limit else { return newest }
        return try newest + indexedPatients(wanted, before: min(end, indexEnd + 1), limit: limit - newest.count)
    }

    fileprivate func lastIndexedSequence() throws -> Int64 {
        NameIndex.end(at: try newestPatient())
    }

    private func indexedPatients(_ wanted: WantedNames, before end: Int64, limit: Int) throws -> [StoredPatient] {
        try rows(
            """
            SELECT \(StoredPatient.columns) FROM name_grams CROSS JOIN patients ON patients.seq = name_grams.rowid
            WHERE name_grams MATCH ? AND name_grams.rowid < ? \(wanted.condition)
            ORDER BY name_grams.rowid DESC LIMIT ?
            """,
            [.text(wanted.grams), .integer(end)] + wanted.arguments + [.integer(Int64(limit))],
            StoredPatient.init)
    }
}

extension Transaction {
    /// Adds the names of a batch, when the patient at `sequence` completes one.
    func addGrams(through sequence: Int64) throws {
        guard sequence == NameIndex.end(at: sequence) else { return }
        for name in try indexedNames(after: sequence - NameIndex.batch, through: sequence) { try add(name) }
    }

    func replacingGrams(of sequence: Int64, _ change: () throws -> Void) throws {
        let isIndexed = try sequence <= lastIndexedSequence()
        if isIndexed { for name in try indexedNames(after: sequence - 1, through: sequence) { try remove(name) } }
        try change()
        if isIndexed { for name in try indexedNames(after: sequence - 1, through: sequence) { try add(name) } }
    }

    /// Puts the names behind a place into the index, some batches of them, as a copy from PostgreSQL has to: answers the place
    /// behind which it goes on, from 0; nil after the last.
    func remakeNameGrams(after place: Int64) throws -> Int64? {
        guard dialect == .sqlite else { return nil }
        if place == 0 { try execute("INSERT INTO name_grams (name_grams) VALUES ('delete-all')") }
        let end = try min(place + 100 * NameIndex.batch, lastIndexedSequence())
        for name in try indexedNames(after: place, through: end) { try add(name) }
        return end > place ? end : nil
    }

    private func indexedNames(after start: Int64, through end: Int64) throws -> [IndexedName] {
        try rows(
            "SELECT seq, name_folded, status FROM patients WHERE seq > ? AND seq <= ?", [.integer(start), .integer(end)], IndexedName.init)
    }

    private func add(_ name: IndexedName) throws {
        try enqueue("INSERT INTO name_grams (rowid, grams) VALUES (?, ?)", [.integer(name.sequence), .text(name.grams)])
    }

    /// FTS5 must be told what it holds, to the letter.
    private func remove(_ name: IndexedName) throws {
        try enqueue(
            "INSERT INTO name_grams (name_grams, rowid, grams) VALUES ('delete', ?, ?)", [.integer(name.sequence), .text(name.grams)])
    }
}

extension WantedNames {
    /// What FTS5 is asked for.
    fileprivate var grams: String {
        let mark = status == .inactive ? [NameGrams.inactiveMark] : []
        return (mark + NameGrams.cover(of: words)).map { "\"\($0)\"" }.joined(separator: " AND ")
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

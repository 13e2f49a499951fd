import Contracts
import ServiceKit
import Storage
import Vocabulary

/// The index of names in PostgreSQL.
///
/// `patients_by_letter_pairs` is a GIN index over every two letters of a name that stand together. It knows no order, so the newest
/// patients are looked through first, where a common part fills its page at once; a part that does not is rare enough that all who
/// have its pairs can be fetched and sorted. Pairs find parts of two letters, too, which the trigrams of pg_trgm do not, in an index
/// of two thirds of the size, on any server. One letter alone is looked for patient by patient.
enum LetterPairs {
    /// Patients that are looked through first.
    static let window: Int64 = 1_000
    /// Words whose pairs are looked up; the index is asked no more, and each row is asked for all.
    static let mostWords = 4
}

extension Reader {
    func patientsByLetterPairs(_ wanted: WantedNames, before end: Int64, limit: Int) throws -> [StoredPatient] {
        let pairs = wanted.words.filter { $0.text.unicodeScalars.count >= 2 }.prefix(LetterPairs.mostWords)
        let start = pairs.isEmpty ? 0 : max(0, min(end, try newestPatient() + 1) - LetterPairs.window)
        let newest = try patientsLookedThrough(for: wanted, after: start, before: end, limit: limit)
        guard newest.count < limit, start > 0 else { return newest }
        return try newest + patients(with: Array(pairs), wanted, through: start, limit: limit - newest.count)
    }

    /// The sum keeps PostgreSQL from going down all patients by their number in the hope of meeting some soon.
    private func patients(with pairs: [FoldedText], _ wanted: WantedNames, through end: Int64, limit: Int) throws -> [StoredPatient] {
        try rows(
            """
            SELECT \(StoredPatient.columns) FROM patients
            WHERE \(pairs.map { _ in "letter_pairs(name_folded) @> letter_pairs(?)" }.joined(separator: " AND "))
                AND seq + 0 <= ? \(wanted.condition)
            ORDER BY seq + 0 DESC LIMIT ?
            """,
            pairs.map { .text($0.text) } + [.integer(end)] + wanted.arguments + [.integer(Int64(limit))],
            StoredPatient.init)
    }
}

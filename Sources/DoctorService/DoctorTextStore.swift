import Storage
import Vocabulary

extension Transaction {
    private static var batch: Int { 500 }

    /// Folds the texts of the doctors behind `sequence` again, a batch of them; nil after the last.
    func refoldDoctors(after sequence: Int64) throws -> Int64? {
        let doctors = try rows(
            "SELECT seq, name, department, specialization FROM doctors WHERE seq > ? ORDER BY seq LIMIT ?",
            [.integer(sequence), SQLValue(Self.batch)]
        ) { row in (sequence: row.int64(0), texts: (1...3).map { SQLValue.text(FoldedText(row.text($0)).text) }) }
        for doctor in doctors {
            try enqueue(
                "UPDATE doctors SET name_folded = ?, department_folded = ?, specialization_folded = ? WHERE seq = ?",
                doctor.texts + [.integer(doctor.sequence)])
        }
        return doctors.count < Self.batch ? nil : doctors.last?.sequence
    }
}

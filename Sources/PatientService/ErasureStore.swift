import Contracts
import ServiceKit
import Storage
import Vocabulary

extension Patient {
    /// What a patient is called who was forgotten, and when he was born then: the first day that the schema allows.
    static let forgottenName = "Forgotten"
    static let forgottenBirth = "1900-01-01"
}

extension Transaction {
    /// Leaves of a patient his id, and when he came and was forgotten. One who is not here, as in a backup of before, is nobody.
    ///
    /// - Returns: how many rows were changed.
    func erasePatient(_ person: ForgottenPerson) throws -> Int {
        var rows = 0
        if let sequence = try sequenceOfPatient(stillKnown: person.id) {
            try reindexing(sequence) { try eraseRow(sequence, at: person.forgottenAt) }
            try mergeNameIndex()
            rows = 1
        }
        rows += try execute("DELETE FROM source_ids WHERE patient_id = ?", [.text(person.id)])
        return try rows + forgetAnswers(naming: person.id)
    }

    private func sequenceOfPatient(stillKnown patientID: String) throws -> Int64? {
        try row("SELECT seq FROM patients WHERE patient_id = ? AND forgotten_at IS NULL", [.text(patientID)]) { $0.int64(0) }
    }

    private func eraseRow(_ sequence: Int64, at forgottenAt: Int64) throws {
        try enqueue(
            """
            UPDATE patients SET name = ?, name_folded = ?, email = NULL, email_lower = NULL, phone = NULL, phone_reversed = NULL,
                dob = ?, allergies = '', status = 'INACTIVE', version = version + 1, forgotten_at = ?
            WHERE seq = ?
            """,
            [
                .text(Patient.forgottenName), .text(FoldedText(Patient.forgottenName).text), .text(Patient.forgottenBirth),
                .integer(forgottenAt), .integer(sequence),
            ])
    }

    /// The index of SQLite only notes what it is to leave out, until its parts are merged.
    private func mergeNameIndex() throws {
        if dialect == .sqlite { try enqueue("INSERT INTO name_grams (name_grams) VALUES ('optimize')") }
    }
}

import Storage
import Vocabulary

/// What is kept of a patient's texts to compare them.
private struct ComparedTexts: Equatable {
    let name: String
    let phone: String?
}

extension Transaction {
    private static var batch: Int { 500 }

    /// Makes what is compared again for the patients behind `sequence`, a batch of them; nil after the last.
    func remakePatientTexts(after sequence: Int64, in region: PhoneRegion) throws -> Int64? {
        let patients = try rows(
            "SELECT seq, name, phone, name_folded, phone_reversed FROM patients WHERE seq > ? ORDER BY seq LIMIT ?",
            [.integer(sequence), SQLValue(Self.batch)]
        ) { row in
            (
                sequence: row.int64(0), kept: ComparedTexts(name: row.text(3), phone: row.textOrNil(4)),
                made: ComparedTexts(
                    name: FoldedText(row.text(1)).text, phone: row.textOrNil(2).map { PhoneNumber($0, in: region).reversed })
            )
        }
        for patient in patients where patient.kept != patient.made { try keep(patient.made, of: patient.sequence, insteadOf: patient.kept) }
        return patients.count < Self.batch ? nil : patients.last?.sequence
    }

    private func keep(_ texts: ComparedTexts, of sequence: Int64, insteadOf kept: ComparedTexts) throws {
        func update() throws {
            try enqueue(
                "UPDATE patients SET name_folded = ?, phone_reversed = ? WHERE seq = ?",
                [.text(texts.name), SQLValue(texts.phone), .integer(sequence)])
        }
        if texts.name == kept.name { try update() } else { try reindexing(sequence, update) }
    }
}

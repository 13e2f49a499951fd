import Contracts
import PatientRules
import Storage
import Vocabulary

/// A patient whom another system knows, and what it has said of him last.
struct KnownPatient: Sendable {
    let stored: StoredPatient
    let remembered: PatientIdentity
}

extension Reader {
    /// The patient whom a source's id means; nil where it means nobody yet.
    func patient(knownBy sourceID: SourceID) throws -> KnownPatient? {
        try row(
            """
            SELECT \(StoredPatient.columns), said_name, said_dob FROM source_ids JOIN patients USING (patient_id)
            WHERE source = ? AND source_id = ?
            """,
            [.text(sourceID.source), .text(sourceID.value)]
        ) { row in
            KnownPatient(stored: try StoredPatient(row), remembered: PatientIdentity(name: row.text(11), dob: row.text(12)))
        }
    }

    /// Every patient of this name and date of birth, the oldest first, and whether the source knows him by some id.
    func namesakes(of identity: PatientIdentity, knownTo source: String?) throws -> [(patient: Patient, isKnown: Bool)] {
        try rows(
            """
            SELECT \(StoredPatient.columns), EXISTS (SELECT 1 FROM source_ids s WHERE s.patient_id = patients.patient_id AND s.source = ?)
            FROM patients WHERE dob = ? AND name_folded = ? ORDER BY seq
            """,
            [SQLValue(source), .text(identity.dob), .text(identity.name.text)]
        ) { row in (try StoredPatient(row).patient, row.bool(11)) }
    }
}

extension Transaction {
    /// Keeps what a source calls a patient, and what it says of him.
    func remember(_ sourceID: SourceID, of patientID: String, saying name: String, born dob: String, at now: Instant) throws {
        try enqueue(
            """
            INSERT INTO source_ids (source, source_id, patient_id, said_name, said_dob, remembered_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, source_id) DO UPDATE SET said_name = excluded.said_name, said_dob = excluded.said_dob
            """,
            [
                .text(sourceID.source), .text(sourceID.value), .text(patientID), .text(name), .text(dob),
                .integer(now.millisecondsSinceEpoch),
            ])
    }
}

extension ListConditions {
    /// The one patient whom a source's id means.
    mutating func require(_ sourceID: SourceID) {
        require(
            "patient_id = (SELECT patient_id FROM source_ids WHERE source = ? AND source_id = ?)", .text(sourceID.source),
            .text(sourceID.value))
    }
}

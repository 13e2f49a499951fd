import Contracts
import DoctorRules
import Storage
import Vocabulary

/// A doctor whom another system knows, and what it has said of him last.
struct KnownDoctor: Sendable {
    let doctor: Doctor
    let remembered: DoctorIdentity
}

extension Reader {
    /// The doctor whom a source's id means; nil where it means nobody yet.
    func doctor(knownBy sourceID: SourceID) throws -> KnownDoctor? {
        try row(
            """
            SELECT \(StoredDoctor.columns), said_name, said_department, said_specialization FROM source_ids JOIN doctors USING (doctor_id)
            WHERE source = ? AND source_id = ?
            """,
            [.text(sourceID.source), .text(sourceID.value)]
        ) { row in
            let remembered = DoctorIdentity(name: row.text(11), department: row.text(12), specialization: row.text(13))
            return KnownDoctor(doctor: try StoredDoctor(row).doctor, remembered: remembered)
        }
    }

    /// Every doctor of this name, department and specialization, the oldest first, and whether the source knows him by some id.
    func namesakes(of identity: DoctorIdentity, knownTo source: String?) throws -> [(doctor: Doctor, isKnown: Bool)] {
        try rows(
            """
            SELECT \(StoredDoctor.columns), EXISTS (SELECT 1 FROM source_ids s WHERE s.doctor_id = doctors.doctor_id AND s.source = ?)
            FROM doctors WHERE name_folded = ? AND department_folded = ? AND specialization_folded = ? ORDER BY seq
            """,
            [SQLValue(source), .text(identity.name.text), .text(identity.department.text), .text(identity.specialization.text)]
        ) { row in (try StoredDoctor(row).doctor, row.bool(11)) }
    }
}

extension Transaction {
    /// Keeps what a source calls a doctor, and what it says of him.
    func remember(_ sourceID: SourceID, of doctorID: String, saying request: ImportDoctorRequest, at now: Instant) throws {
        try enqueue(
            """
            INSERT INTO source_ids (source, source_id, doctor_id, said_name, said_department, said_specialization, remembered_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, source_id) DO UPDATE SET said_name = excluded.said_name, said_department = excluded.said_department,
                said_specialization = excluded.said_specialization
            """,
            [
                .text(sourceID.source), .text(sourceID.value), .text(doctorID), .text(request.name), .text(request.department),
                .text(request.specialization), .integer(now.millisecondsSinceEpoch),
            ])
    }
}

extension ListConditions {
    /// The one doctor whom a source's id means.
    mutating func require(_ sourceID: SourceID) {
        require(
            "doctor_id = (SELECT doctor_id FROM source_ids WHERE source = ? AND source_id = ?)", .text(sourceID.source),
            .text(sourceID.value))
    }
}

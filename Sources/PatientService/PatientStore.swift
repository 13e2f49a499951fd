import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A patient as the table holds him.
struct StoredPatient: StoredRecord {
    /// The order of registration.
    let sequence: Int64
    let patient: Patient
}

extension Reader {
    /// - Throws: `PATIENT_NOT_FOUND`.
    func storedPatient(_ patientID: String) throws -> StoredPatient {
        try record(patientID)
    }

    /// The first patient, whatever the status, who has this name and date of birth; `own` does not count.
    func namesake(of name: FoldedText, born dob: LocalDate, except own: String? = nil) throws -> String? {
        try row(
            "SELECT patient_id FROM patients WHERE dob = ? AND name_folded = ? AND patient_id <> ? ORDER BY seq LIMIT 1",
            [.text(dob.description), .text(name.text), .text(own ?? "")]
        ) { $0.text(0) }
    }

    /// Patients newest first.
    func patients(matching filter: PatientFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredPatient> {
        if let name = filter.name, filter.email == nil, filter.phone == nil, filter.dob == nil, filter.sourceID == nil {
            return page.page(of: try patients(named: name, filter.status, before: page.position ?? .max, limit: page.limit), \.sequence)
        }
        var conditions = ListConditions(before: page.position)
        if let sourceID = filter.sourceID { conditions.require(sourceID) }
        if let email = filter.email { conditions.require("email_lower = ?", .text(email)) }
        switch filter.phone {
        case .ending(let ending):
            let range = ending.reversedRange
            conditions.requireStretch("phone_reversed >= ? AND phone_reversed < ?", [.text(range.lowerBound), .text(range.upperBound)])
        case .nobody: return .empty
        case nil: break
        }
        if let dob = filter.dob { conditions.requireStretch("dob = ?", [.text(dob.description)]) }
        if let status = filter.status { conditions.require("status = ?", try .word(status)) }
        for word in filter.name?.words ?? [] { conditions.require(Self.hasWord, .pattern(containing: word.text)) }
        return try newest(page, where: conditions)
    }

    static var hasWord: String { "name_folded LIKE ? ESCAPE '\\'" }
}

extension Transaction {
    func insert(_ patient: Patient, in region: PhoneRegion) throws {
        noteChange(to: patient)
        let sequence = try row(
            """
            INSERT INTO patients (patient_id, name, name_folded, email, email_lower, phone, phone_reversed, dob, allergies, status,
                created_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq
            """,
            [.text(patient.patientID)] + (try patient.storedFields(in: region)) + [
                SQLValue(patient.createdAt?.instant?.millisecondsSinceEpoch), .integer(patient.version),
            ]
        ) { $0.int64(0) }
        if let sequence { try patientWasAdded(at: sequence) }
    }

    func update(_ stored: StoredPatient, to patient: Patient, in region: PhoneRegion) throws {
        noteChange(from: stored.patient, to: patient)
        if patient.name == stored.patient.name && patient.status == stored.patient.status {
            try updateRow(stored.sequence, to: patient, in: region)
        } else {
            try reindexing(stored.sequence) { try updateRow(stored.sequence, to: patient, in: region) }
        }
    }

    private func updateRow(_ sequence: Int64, to patient: Patient, in region: PhoneRegion) throws {
        try enqueue(
            """
            UPDATE patients SET name = ?, name_folded = ?, email = ?, email_lower = ?, phone = ?, phone_reversed = ?, dob = ?,
                allergies = ?, status = ?, version = ?
            WHERE seq = ?
            """,
            try patient.storedFields(in: region) + [.integer(patient.version), .integer(sequence)])
    }
}

extension StoredPatient {
    static let kind = RecordKind.patient
    static let table = "patients"
    /// In the order in which ``init(_:)`` reads them.
    static let columns = "seq, patient_id, name, email, phone, dob, allergies, status, created_at, version, forgotten_at"

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        patient = Patient(
            patientID: row.text(1), name: row.text(2), email: row.textOrNil(3), phone: row.textOrNil(4), dob: row.text(5),
            allergies: row.text(6).split(separator: "\n").map(String.init), status: try row.word(7),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(8))), version: row.int64(9),
            forgottenAt: row.int64OrNil(10).map { ProtobufTimestamp(Instant(millisecondsSinceEpoch: $0)) })
    }
}

extension Patient {
    /// The columns that can change, from `name` to `status`.
    fileprivate func storedFields(in region: PhoneRegion) throws -> [SQLValue] {
        [
            .text(name), .text(FoldedText(name).text), SQLValue(email), SQLValue(email.map(EmailAddress.comparable)), SQLValue(phone),
            SQLValue(phone.map { PhoneNumber($0, in: region).reversed }), .text(dob), .text(allergies.joined(separator: "\n")),
            try .word(status),
        ]
    }
}

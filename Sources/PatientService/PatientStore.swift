import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A patient as the table holds him.
struct StoredPatient: Sendable {
    /// The order of registration.
    let sequence: Int64
    let patient: Patient
}

extension Reader {
    /// - Throws: `PATIENT_NOT_FOUND`.
    func storedPatient(_ patientID: String) throws -> StoredPatient {
        let sql = "SELECT \(StoredPatient.columns) FROM patients WHERE patient_id = ?"
        guard let stored = try row(sql, [.text(patientID)], StoredPatient.init) else {
            throw Rejection(.patientNotFound, "There is no such patient.")
        }
        return stored
    }

    /// Whether any patient, whatever the status, has this name and date of birth.
    func hasPatient(named name: FoldedText, born dob: LocalDate) throws -> Bool {
        try exists("SELECT 1 FROM patients WHERE dob = ? AND name_folded = ?", [.text(dob.description), .text(name.text)])
    }

    /// Patients newest first, from those registered before `end`; nil begins with the newest.
    func patients(matching filter: PatientFilter, before end: Int64?, limit: Int) throws -> [StoredPatient] {
        if let part = filter.namePart, filter.email == nil, filter.phoneDigits == nil, filter.sourceID == nil {
            return try patients(named: part, filter.status, before: end ?? .max, limit: limit)
        }
        var conditions = ListConditions(before: end)
        if let sourceID = filter.sourceID { conditions.require(sourceID) }
        if let email = filter.email { conditions.require("email_lower = ?", .text(email)) }
        if let digits = filter.phoneDigits { conditions.require("phone_digits = ?", .text(digits)) }
        if let status = filter.status { conditions.require("status = ?", .text(status.stored)) }
        if let part = filter.namePart { conditions.require("name_folded LIKE ? ESCAPE '\\'", .pattern(containing: part.text)) }
        return try rows(
            "SELECT \(StoredPatient.columns) FROM patients WHERE \(conditions.sql) ORDER BY seq DESC LIMIT ?",
            conditions.arguments + [.integer(Int64(limit))], StoredPatient.init)
    }
}

extension Transaction {
    func insert(_ patient: Patient) throws {
        let sequence = try row(
            """
            INSERT INTO patients (patient_id, name, name_folded, email, email_lower, phone, phone_digits, dob, allergies, status,
                created_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq
            """,
            [.text(patient.patientID)] + patient.storedFields + [
                SQLValue(patient.createdAt?.instant?.millisecondsSinceEpoch), .integer(patient.version),
            ]
        ) { $0.int64(0) }
        if let sequence { try patientWasAdded(at: sequence) }
    }

    func update(_ stored: StoredPatient, to patient: Patient) throws {
        if patient.name == stored.patient.name && patient.status == stored.patient.status {
            try updateRow(stored.sequence, to: patient)
        } else {
            try reindexing(stored.sequence) { try updateRow(stored.sequence, to: patient) }
        }
    }

    private func updateRow(_ sequence: Int64, to patient: Patient) throws {
        try execute(
            """
            UPDATE patients SET name = ?, name_folded = ?, email = ?, email_lower = ?, phone = ?, phone_digits = ?, dob = ?,
                allergies = ?, status = ?, version = ?
            WHERE seq = ?
            """,
            patient.storedFields + [.integer(patient.version), .integer(sequence)])
    }
}

extension StoredPatient {
    /// In the order in which ``init(_:)`` reads them.
    static let columns = "seq, patient_id, name, email, phone, dob, allergies, status, created_at, version"

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        patient = Patient(
            patientID: row.text(1), name: row.text(2), email: row.textOrNil(3), phone: row.textOrNil(4), dob: row.text(5),
            allergies: row.text(6).split(separator: "\n").map(String.init), status: PatientStatus(stored: row.text(7)),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(8))), version: row.int64(9))
    }
}

extension Patient {
    /// The columns that can change, from `name` to `status`.
    fileprivate var storedFields: [SQLValue] {
        [
            .text(name), .text(FoldedText(name).text), SQLValue(email), SQLValue(email.map(EmailAddress.comparable)), SQLValue(phone),
            SQLValue(phone.map(PhoneNumber.digits)), .text(dob), .text(allergies.joined(separator: "\n")), .text(status.stored),
        ]
    }
}

extension PatientStatus {
    var stored: String { self == .active ? "ACTIVE" : "INACTIVE" }

    fileprivate init(stored: String) {
        self = stored == "ACTIVE" ? .active : .inactive
    }
}

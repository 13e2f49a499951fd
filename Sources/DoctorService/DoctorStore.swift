import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A doctor as the table holds him.
struct StoredDoctor: StoredRecord {
    /// The order of registration.
    let sequence: Int64
    let doctor: Doctor
}

extension Reader {
    /// - Throws: `DOCTOR_NOT_FOUND`.
    func doctor(_ doctorID: String) throws -> Doctor {
        let stored: StoredDoctor = try record(doctorID)
        return stored.doctor
    }

    /// The ACTIVE doctors of a department by their id, from the first whose id comes after `doctorID`.
    func activeDoctors(of department: FoldedText, after doctorID: String, limit: Int) throws -> [Doctor] {
        try rows(
            """
            SELECT \(StoredDoctor.columns) FROM doctors
            WHERE status = 'ACTIVE' AND department_folded = ? AND doctor_id > ? ORDER BY doctor_id LIMIT ?
            """,
            [.text(department.text), .text(doctorID), SQLValue(limit)], { try StoredDoctor($0).doctor })
    }

    /// Doctors newest first.
    ///
    /// Words of a name are looked for row by row: a hospital has thousands of doctors, not millions.
    func doctors(matching filter: DoctorFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredDoctor> {
        var conditions = ListConditions(before: page.position)
        if let sourceID = filter.sourceID { conditions.require(sourceID) }
        if let department = filter.department { conditions.require("department_folded = ?", .text(department.text)) }
        if let specialization = filter.specialization { conditions.require("specialization_folded = ?", .text(specialization.text)) }
        for word in filter.name?.words ?? [] { conditions.require("name_folded LIKE ? ESCAPE '\\'", .pattern(containing: word.text)) }
        if let status = filter.status { conditions.require("status = ?", try .word(status)) }
        return try newest(page, where: conditions)
    }
}

extension Transaction {
    func insert(_ doctor: Doctor) throws {
        noteChange(to: doctor)
        try enqueue(
            """
            INSERT INTO doctors (doctor_id, name, name_folded, email, phone, department, department_folded, specialization,
                specialization_folded, consultation_fee, status, version, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [.text(doctor.doctorID)] + (try doctor.storedFields()) + [SQLValue(doctor.createdAt?.instant?.millisecondsSinceEpoch)])
    }

    func update(_ stored: Doctor, to doctor: Doctor) throws {
        noteChange(from: stored, to: doctor)
        try enqueue(
            """
            UPDATE doctors SET name = ?, name_folded = ?, email = ?, phone = ?, department = ?, department_folded = ?, specialization = ?,
                specialization_folded = ?, consultation_fee = ?, status = ?, version = ?
            WHERE doctor_id = ?
            """,
            try doctor.storedFields() + [.text(doctor.doctorID)])
    }

    func noteDeactivation(of doctorID: String, at now: Instant) throws {
        try enqueue("UPDATE doctors SET deactivated_at = ? WHERE doctor_id = ?", [.integer(now.millisecondsSinceEpoch), .text(doctorID)])
    }
}

extension StoredDoctor {
    static let kind = RecordKind.doctor
    static let table = "doctors"
    /// In the order in which ``init(_:)`` reads them.
    static let columns =
        "seq, doctor_id, name, email, phone, department, specialization, consultation_fee, status, created_at, version"

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        doctor = Doctor(
            doctorID: row.text(1), name: row.text(2), email: row.textOrNil(3), phone: row.textOrNil(4), department: row.text(5),
            specialization: row.text(6), consultationFee: row.int64OrNil(7), status: try row.word(8),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(9))), version: row.int64(10))
    }
}

extension Doctor {
    /// The columns that can change, from `name` to `version`.
    fileprivate func storedFields() throws -> [SQLValue] {
        [
            .text(name), .text(FoldedText(name).text), SQLValue(email), SQLValue(phone), .text(department),
            .text(FoldedText(department).text), .text(specialization), .text(FoldedText(specialization).text),
            SQLValue(consultationFee), try .word(status), .integer(version),
        ]
    }
}

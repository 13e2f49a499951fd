import Contracts
import ServiceKit
import Storage
import Vocabulary

/// A prescription as the table holds it.
struct StoredPrescription: StoredRecord {
    /// The order of issue.
    let sequence: Int64
    let prescription: Prescription
}

extension Reader {
    /// - Throws: `PRESCRIPTION_NOT_FOUND`.
    func prescription(_ prescriptionID: String) throws -> Prescription {
        let stored: StoredPrescription = try record(prescriptionID)
        return stored.prescription
    }

    /// Prescriptions newest first.
    func prescriptions(matching filter: PrescriptionFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredPrescription> {
        var conditions = ListConditions(before: page.position)
        if let appointmentID = filter.appointmentID { conditions.require("appointment_id = ?", .text(appointmentID)) }
        if let patientID = filter.patientID { conditions.require("patient_id = ?", .text(patientID)) }
        if let doctorID = filter.doctorID { conditions.require("doctor_id = ?", .text(doctorID)) }
        return try newest(page, where: conditions)
    }
}

extension Transaction {
    /// - Returns: its sequence.
    @discardableResult
    func insert(_ prescription: Prescription) throws -> Int64 {
        noteChange(to: prescription)
        return try row(
            """
            INSERT INTO prescriptions (prescription_id, appointment_id, patient_id, doctor_id, medication, dosage, days, status,
                override_reason, cancel_reason, issued_at, created_at, version, imported)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq
            """,
            [
                .text(prescription.prescriptionID), .text(prescription.appointmentID), .text(prescription.patientID),
                .text(prescription.doctorID), .text(prescription.medication), .text(prescription.dosage), SQLValue(prescription.days),
                try .word(prescription.status), SQLValue(prescription.overrideReason), SQLValue(prescription.cancelReason),
                SQLValue(prescription.issuedAt?.instant?.millisecondsSinceEpoch),
                SQLValue(prescription.createdAt?.instant?.millisecondsSinceEpoch), .integer(prescription.version),
                SQLValue(prescription.imported),
            ]
        ) { $0.int64(0) } ?? 0
    }

    /// Of a prescription nothing but its end changes.
    func updateStatus(of prescription: Prescription) throws {
        noteChange(of: "status", "cancel_reason")
        try enqueue(
            "UPDATE prescriptions SET status = ?, cancel_reason = ?, version = ? WHERE prescription_id = ?",
            [
                try .word(prescription.status), SQLValue(prescription.cancelReason), .integer(prescription.version),
                .text(prescription.prescriptionID),
            ])
    }
}

extension StoredPrescription {
    static let kind = RecordKind.prescription
    static let table = "prescriptions"
    /// In the order in which ``init(_:)`` reads them.
    static let columns = """
        seq, prescription_id, appointment_id, patient_id, doctor_id, medication, dosage, days, status, override_reason, cancel_reason, \
        issued_at, created_at, version, imported
        """

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        prescription = Prescription(
            prescriptionID: row.text(1), appointmentID: row.text(2), patientID: row.text(3), doctorID: row.text(4),
            medication: row.text(5), dosage: row.text(6), days: Int32(truncatingIfNeeded: row.int(7)),
            status: try row.word(8), overrideReason: row.textOrNil(9),
            issuedAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(11))), cancelReason: row.textOrNil(10),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(12))), version: row.int64(13),
            imported: row.bool(14))
    }
}

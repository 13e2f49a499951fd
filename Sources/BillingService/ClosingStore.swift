import BillingRules
import Contracts
import ServiceKit
import Storage

/// An appointment that ended without its consultation, as the table holds it.
struct StoredClosing: Sendable {
    let appointmentID: String
    let patientID: String
    let department: String
    /// The kind of bill that asks for what is kept.
    let feeKind: BillKind
    let closing: Closing
    /// The version of the appointment that told of it; 0 of closings of before.
    let version: Int64
    /// Whether the appointment stands again: nothing is kept, and nothing owed.
    let isTakenBack: Bool
}

extension Reader {
    /// What is known last of how an appointment ended, be it taken back.
    func closing(of appointmentID: String) throws -> StoredClosing? {
        try row(
            """
            SELECT appointment_id, patient_id, department, fee_kind, consultation_fee, percent_kept, refund_asked, version, taken_back
            FROM closings WHERE appointment_id = ?
            """, [.text(appointmentID)]
        ) { row in
            StoredClosing(
                appointmentID: row.text(0), patientID: row.text(1), department: row.text(2), feeKind: try row.word(3),
                closing: Closing(consultationFee: row.int64(4), percentKept: row.int(5), isRefundAsked: row.bool(6)),
                version: row.int64(7), isTakenBack: row.bool(8))
        }
    }
}

extension Transaction {
    /// Puts a closing in the place of what was known before.
    func put(_ stored: StoredClosing) throws {
        try enqueue(
            """
            INSERT INTO closings (appointment_id, patient_id, department, fee_kind, consultation_fee, percent_kept, refund_asked,
                version, taken_back)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (appointment_id) DO UPDATE SET fee_kind = excluded.fee_kind, percent_kept = excluded.percent_kept,
                refund_asked = excluded.refund_asked, version = excluded.version, taken_back = excluded.taken_back
            """,
            [
                .text(stored.appointmentID), .text(stored.patientID), .text(stored.department), try .word(stored.feeKind),
                .integer(stored.closing.consultationFee), SQLValue(stored.closing.percentKept), SQLValue(stored.closing.isRefundAsked),
                .integer(stored.version), SQLValue(stored.isTakenBack),
            ])
    }

    func markRefundAsked(of appointmentID: String) throws {
        try enqueue("UPDATE closings SET refund_asked = 1 WHERE appointment_id = ?", [.text(appointmentID)])
    }
}

import BillingRules
import Contracts
import Storage

/// An appointment that ended without its consultation, as the table holds it.
struct StoredClosing: Sendable {
    let appointmentID: String
    let patientID: String
    let department: String
    /// The kind of bill that asks for what is kept.
    let feeKind: BillKind
    let closing: Closing
}

extension Reader {
    func closing(of appointmentID: String) throws -> StoredClosing? {
        try row(
            """
            SELECT appointment_id, patient_id, department, fee_kind, consultation_fee, percent_kept, refund_asked
            FROM closings WHERE appointment_id = ?
            """, [.text(appointmentID)]
        ) { row in
            StoredClosing(
                appointmentID: row.text(0), patientID: row.text(1), department: row.text(2), feeKind: BillKind(stored: row.text(3)),
                closing: Closing(consultationFee: row.int64(4), percentKept: row.int(5), isRefundAsked: row.bool(6)))
        }
    }
}

extension Transaction {
    /// An appointment ends once: the first closing stays.
    func insert(_ stored: StoredClosing) throws {
        try execute(
            """
            INSERT INTO closings (appointment_id, patient_id, department, fee_kind, consultation_fee, percent_kept, refund_asked)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (appointment_id) DO NOTHING
            """,
            [
                .text(stored.appointmentID), .text(stored.patientID), .text(stored.department), .text(stored.feeKind.stored),
                .integer(stored.closing.consultationFee), SQLValue(stored.closing.percentKept), SQLValue(stored.closing.isRefundAsked),
            ])
    }

    func markRefundAsked(of appointmentID: String) throws {
        try execute("UPDATE closings SET refund_asked = 1 WHERE appointment_id = ?", [.text(appointmentID)])
    }
}

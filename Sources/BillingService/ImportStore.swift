import Contracts
import ServiceKit
import Storage
import Vocabulary

extension Reader {
    /// The bill that another system calls so.
    func bill(calledBy source: SourceID) throws -> StoredBill? {
        try row(
            "SELECT \(StoredBill.columns) FROM bills WHERE source = ? AND source_id = ?", [.text(source.source), .text(source.value)],
            StoredBill.init)
    }

    /// An imported bill without a source id that says the same.
    func importedBill(like wanted: Bill) throws -> StoredBill? {
        try row(
            """
            SELECT \(StoredBill.columns) FROM bills WHERE patient_id = ? AND appointment_id = ? AND kind = ? AND description = ?
                AND subtotal = ? AND tax = ? AND created_at = ? AND is_imported = 1 AND source IS NULL ORDER BY seq LIMIT 1
            """,
            [
                .text(wanted.patientID), .text(wanted.appointmentID), try .word(wanted.kind), .text(wanted.descriptionValue),
                .integer(wanted.subtotal), .integer(wanted.tax), SQLValue(wanted.createdAt?.instant?.millisecondsSinceEpoch),
            ], StoredBill.init)
    }
}

import Contracts
import ServiceKit
import Storage
import Vocabulary

extension Reader {
    /// The payment that the other system calls so; where it calls it nothing, an imported one that says the same. What has
    /// FAILED is none.
    func importedPayment(like wanted: WantedPayment) throws -> StoredPayment? {
        if let source = wanted.origin.source {
            return try row(
                "SELECT \(StoredPayment.columns) FROM payments WHERE source = ? AND source_id = ? AND status <> 'FAILED'",
                [.text(source.source), .text(source.value)], StoredPayment.init)
        }
        return try row(
            """
            SELECT \(StoredPayment.columns) FROM payments WHERE bill_id = ? AND amount = ? AND method = ? AND taken_at = ?
                AND source IS NULL AND status <> 'FAILED' AND is_imported = 1 AND reference = COALESCE(?, reference) ORDER BY seq LIMIT 1
            """,
            [
                .text(wanted.billID), .integer(wanted.amount), try .word(wanted.method),
                .integer(wanted.origin.paidAt.millisecondsSinceEpoch), SQLValue(wanted.reference),
            ], StoredPayment.init)
    }

    /// - Throws: `REFERENCE_TAKEN`.
    func requireFree(reference: String) throws {
        if try exists("SELECT 1 FROM payments WHERE reference = ? AND status <> 'FAILED'", [.text(reference)]) {
            throw Rejection(.referenceTaken, "Another payment has this reference.", field: "reference")
        }
    }
}

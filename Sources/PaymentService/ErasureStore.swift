import Contracts
import RPC
import ServiceKit
import Storage

extension Transaction {
    /// Payments and refunds stay, with their amounts, times and receipt numbers, for as long as the books are kept, and so do the
    /// answers to payments. Why money was given back goes, as far as it was written before he was forgotten, and so do the keys that
    /// clients have typed: their digests answer a request that is repeated.
    ///
    /// - Returns: how many rows were changed.
    func eraseRefunds(of patient: ForgottenPerson) throws -> Int {
        let refunds = try rows(
            """
            UPDATE refunds SET reason = ''
            WHERE payment_id IN (SELECT payment_id FROM payments WHERE patient_id = ?) AND reason <> '' AND created_at <= ?
            RETURNING refund_id
            """, [.text(patient.id), .integer(patient.forgottenAt)]
        ) { $0.text(0) }
        for refund in refunds { _ = try forgetAnswers(naming: refund) }
        return try refunds.count + forgetKeys(of: patient)
    }

    /// - Returns: how many keys there were.
    private func forgetKeys(of patient: ForgottenPerson) throws -> Int {
        let payments = try rows("SELECT caller, key FROM payments WHERE patient_id = ?", [.text(patient.id)]) { row in
            IdempotencyKey(caller: row.text(0), method: PaymentServiceMethods.createPayment.name, key: row.text(1))
        }
        let refunds = try rows(
            """
            SELECT caller, key FROM refunds
            WHERE payment_id IN (SELECT payment_id FROM payments WHERE patient_id = ?) AND caller IS NOT NULL AND key IS NOT NULL
            """, [.text(patient.id)]
        ) { row in IdempotencyKey(caller: row.text(0), method: PaymentServiceMethods.createRefund.name, key: row.text(1)) }
        let typed = (payments + refunds).filter { $0.digested != $0 && $0.caller != IdempotentRequest.importer }
        for key in typed {
            try forgetKey(key)
            let values: [SQLValue] = [.text(key.digested.key), .text(key.caller), .text(key.key)]
            try execute("UPDATE payments SET key = ? WHERE caller = ? AND key = ?", values)
            try execute("UPDATE refunds SET key = ? WHERE caller = ? AND key = ?", values)
        }
        return typed.count
    }
}

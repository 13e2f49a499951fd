import Storage

extension Transaction {
    /// Payments and refunds stay, with their amounts, times and receipt numbers, for as long as the books are kept, and so do the
    /// answers to payments. Why money was given back goes, as far as it was written before he was forgotten.
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
        return refunds.count
    }
}

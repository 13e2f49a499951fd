import Storage

extension Transaction {
    /// Bills stay, with their kinds, amounts and times, for as long as the books are kept. What was written on them goes: of a
    /// kind that says of itself what it is for, the usual words stand in its place.
    ///
    /// - Returns: how many rows were changed.
    func eraseBills(of patient: ForgottenPerson) throws -> Int {
        let bills = try execute(
            """
            UPDATE bills SET void_reason = CASE WHEN void_reason IS NULL THEN NULL ELSE '' END, version = version + 1,
                description = CASE kind WHEN 'CONSULTATION' THEN 'Consultation' WHEN 'NO_SHOW_FEE' THEN 'No-show fee'
                    WHEN 'CANCELLATION_FEE' THEN 'Cancellation fee' ELSE '' END
            WHERE patient_id = ? AND (void_reason <> '' OR description <>
                CASE kind WHEN 'CONSULTATION' THEN 'Consultation' WHEN 'NO_SHOW_FEE' THEN 'No-show fee'
                    WHEN 'CANCELLATION_FEE' THEN 'Cancellation fee' ELSE '' END)
            """, [.text(patient.id)])
        return try bills + forgetAnswers(naming: patient.id)
    }
}

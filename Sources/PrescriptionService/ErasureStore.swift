import Storage

extension Transaction {
    /// What was prescribed stays, with doctor, dosage and times: medical records have to be kept for years. What was written
    /// about it goes; that there was a reason is still to be seen.
    ///
    /// - Returns: how many rows were changed.
    func erasePrescriptions(of patient: ForgottenPerson) throws -> Int {
        let prescriptions = try execute(
            """
            UPDATE prescriptions SET override_reason = CASE WHEN override_reason IS NULL THEN NULL ELSE '' END,
                cancel_reason = CASE WHEN cancel_reason IS NULL THEN NULL ELSE '' END, version = version + 1
            WHERE patient_id = ? AND (override_reason <> '' OR cancel_reason <> '')
            """, [.text(patient.id)])
        return try prescriptions + forgetAnswers(naming: patient.id)
    }
}

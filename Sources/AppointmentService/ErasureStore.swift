import Storage

extension Transaction {
    /// Visits stay, with their doctors, times and ends: bills are for them. What was said of them goes, and so do the answers
    /// that repeat it.
    ///
    /// - Returns: how many rows were changed.
    func eraseVisits(of patient: ForgottenPerson) throws -> Int {
        let visits = try execute(
            "UPDATE appointments SET cancel_reason = NULL WHERE patient_id = ? AND cancel_reason IS NOT NULL", [.text(patient.id)])
        let steps = try execute(
            """
            UPDATE appointment_steps SET reason = NULL
            WHERE appointment_seq IN (SELECT seq FROM appointments WHERE patient_id = ?) AND reason IS NOT NULL
            """, [.text(patient.id)])
        return try visits + steps + forgetAnswers(naming: patient.id)
    }
}

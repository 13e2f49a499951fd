import ServiceKit
import Storage

extension Transaction {
    /// That he was told of something stays, and when. What he was told goes, where to, and what came back. What was not handed
    /// over yet never is.
    ///
    /// - Returns: how many rows were changed.
    func eraseNotifications(to patient: ForgottenPerson) throws -> Int {
        let notifications = try execute(
            """
            UPDATE notifications SET recipient = '', subject = NULL, message = '', metadata = '{}', last_error = NULL,
                status = CASE status WHEN 'PENDING' THEN 'FAILED' ELSE status END, version = version + 1
            WHERE recipient_id = ?
                AND (recipient <> '' OR message <> '' OR metadata <> '{}' OR subject IS NOT NULL OR last_error IS NOT NULL
                    OR status = 'PENDING')
            """, [.text(patient.id)])
        return try notifications + forgetAnswers(naming: patient.id)
    }
}

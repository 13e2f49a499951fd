@testable import HospitalCheck

/// The one patient was forgotten, and something of him is left.
extension Breaking {
    static let forgotten = [
        Breaking(nothingLeft, "patient", isForgotten, breach: "pat_1: the record"),
        Breaking(nothingLeft, "patient", isForgotten, breach: "pat_1: what others call him"),
        Breaking(
            nothingLeft, "patient", "UPDATE patients SET forgotten_at = 1", breach: "pat_1: not to be found among the forgotten"),
        texts("visits", "appointment", "UPDATE appointments SET cancel_reason = 'Ada is ill' WHERE seq = 3"),
        texts("visits", "appointment", "UPDATE appointment_steps SET reason = 'Ada is here' WHERE appointment_seq = 2 AND step = 2"),
        texts("bills", "billing", "UPDATE bills SET kind = 'OTHER', description = 'Crutches' WHERE bill_id = 'bil_2'"),
        texts("refunds", "payment", "UPDATE refunds SET reason = 'Ada was charged twice'"),
        texts("prescriptions", "prescription", "UPDATE prescriptions SET override_reason = 'Ada had it before'"),
        texts("notifications", "notification", "UPDATE notifications SET metadata = '{\"ward\": 4}', message = '', recipient = ''"),
    ]

    private static let nothingLeft = "Nothing is left of who a forgotten patient was"
    private static let isForgotten = "INSERT INTO hms_forgotten VALUES ('pat_1', 4102444800000, 0, 2)"

    private static func texts(_ records: String, _ service: String, _ sql: String) -> Breaking {
        Breaking(
            "No texts are left with the \(records) of a forgotten patient", [("patient", isForgotten), (service, sql)],
            breach: "pat_1: \(records)")
    }
}

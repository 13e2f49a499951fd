import AppointmentRules
import Contracts
import ServiceKit
import Storage

extension Reader {
    /// What became of the appointments that a patient has or had with a doctor. A patient has few, a doctor many: so the doctor is
    /// looked for among the patient's.
    func states(of patientID: String, with doctorID: String) throws -> [AppointmentState] {
        try rows(
            "SELECT status FROM appointments WHERE patient_id = ? AND CASE WHEN doctor_id = ? THEN 1 ELSE 0 END = 1",
            [.text(patientID), .text(doctorID)]
        ) { row in
            let status: AppointmentStatus = try row.word(0)
            return status.state
        }.compactMap(\.self)
    }
}

import AppointmentService
import BillingService
import DoctorService
import HospitalCheck
import NotificationService
import PatientService
import PaymentService
import PrescriptionService
import ServiceKit
import Vocabulary

extension PaperHospital {
    /// A patient, a doctor with a leave, and one appointment of every sort, each with what follows from it.
    static func small() async throws -> PaperHospital {
        let services: [ServiceDefinition] = [.patient, .doctor, .appointment, .prescription]
        let hospital = try await PaperHospital(
            Dictionary(uniqueKeysWithValues: services.map { ($0.name, $0.migrations) }), routes: [])
        for (service, statements) in [
            ("patient", people), ("doctor", staff), ("appointment", appointments), ("prescription", prescriptions),
        ] {
            try hospital.write(service, statements)
        }
        return hospital
    }

    private static let people = """
        INSERT INTO patients (patient_id, name, name_folded, dob, allergies, status, created_at, version)
            VALUES ('pat_1', 'Ada', 'ada', '1990-12-10', '', 'ACTIVE', 0, 1);
        """

    private static let staff = """
        INSERT INTO doctors (doctor_id, name, name_folded, department, department_folded, specialization, specialization_folded,
                status, created_at, version)
            VALUES ('doc_1', 'Meera', 'meera', 'Heart', 'heart', 'Rhythm', 'rhythm', 'ACTIVE', 0, 1);
        INSERT INTO leaves (leave_id, doctor_id, start_at, end_at, reason, created_at)
            VALUES ('lev_1', 'doc_1', \(slot(100)), \(slot(101)), 'rest', 0);
        """

    /// Monday, 2 March 2026: 09:00 in Asia/Kolkata, and every half hour after it.
    static func slot(_ number: Int) -> Int64 { 1_772_422_200_000 + Int64(number) * 1_800_000 }

    static let day = 20_514

    private static let appointments = """
        INSERT INTO doctor_department VALUES ('doc_1', 'Heart', 'heart', 1, 1);
        INSERT INTO doctor_days VALUES ('doc_1', \(day), 4);
        """
        + appointment(1, slot: 0, ["SCHEDULED"])
        + appointment(2, slot: 1, ["SCHEDULED", "CHECKED_IN", "COMPLETED"])
        + appointment(3, slot: 2, ["SCHEDULED", "CANCELLED"], feePercent: 50)
        + appointment(4, slot: 3, ["SCHEDULED", "NO_SHOW"], feePercent: 100)
        + appointment(5, slot: 4, ["COMPLETED"], isHistory: true)

    /// An appointment with its history; the last step was taken an hour before the slot.
    static func appointment(
        _ number: Int, slot: Int, _ states: [String], feePercent: Int? = nil, isHistory: Bool = false, day: Int = day
    ) -> String {
        let start = Self.slot(slot)
        let fee = feePercent.map { "\($0)" } ?? "NULL"
        let by = states.last == "CANCELLED" ? "'PATIENT'" : "NULL"
        let steps = states.enumerated().map { index, state in
            "INSERT INTO appointment_steps VALUES (\(number), \(index + 1), '\(state)', \(start), \(start - 3_600_000), 'reception:r', NULL);"
        }
        return """
            INSERT INTO appointments (seq, appointment_id, patient_id, doctor_id, department, department_folded, slot_start, slot_end,
                    clinic_day, status, reschedule_count, consultation_fee, cancelled_by, fee_percent, is_history, created_at, version)
                VALUES (\(number), 'apt_\(number)', 'pat_1', 'doc_1', 'Heart', 'heart', \(start), \(start + 1_800_000), \(day),
                    '\(states.last ?? "")', 0, 50000, \(by), \(fee), \(isHistory ? 1 : 0), 0, \(states.count));

            """ + steps.joined()
    }

    private static let prescriptions = """
        INSERT INTO prescriptions (prescription_id, appointment_id, patient_id, doctor_id, medication, dosage, days, status, issued_at,
                created_at, version)
            VALUES ('rx_1', 'apt_2', 'pat_1', 'doc_1', 'Loratadine', 'one', 5, 'ACTIVE', 0, 0, 1);
        """
}

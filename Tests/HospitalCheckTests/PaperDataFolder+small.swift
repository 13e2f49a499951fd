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

extension PaperDataFolder {
    static let services: [ServiceDefinition] = [.patient, .doctor, .appointment, .billing, .prescription, .payment, .notification]

    /// A patient, a doctor with a leave, and one appointment of every sort, each with what follows from it.
    static func small() async throws -> PaperDataFolder {
        let hospital =
            if let server = PaperServer.shared {
                try PaperDataFolder(services.map(\.name).sorted(), routes: [], PaperSchemas(server))
            } else {
                try await PaperDataFolder(Dictionary(uniqueKeysWithValues: services.map { ($0.name, $0.schema) }), routes: [])
            }
        let contents = [
            "patient": people, "doctor": staff, "appointment": appointments, "billing": bills, "payment": payments,
            "prescription": prescriptions, "notification": notifications,
        ]
        for (service, statements) in contents { try hospital.write(service, statements) }
        return hospital
    }

    private static let people = """
        INSERT INTO patients (patient_id, name, name_folded, dob, allergies, status, created_at, version)
            VALUES ('pat_1', 'Ada', 'ada', '1990-12-10', '', 'ACTIVE', 0, 1);
        INSERT INTO source_ids VALUES ('old', '1', 'pat_1', 'Ada', '1990-12-10', 0);
        INSERT INTO hms_recipe ("only", recipe) VALUES (1, '\(TextRecipe(region: .india))');
        """

    private static let staff = """
        INSERT INTO doctors (doctor_id, name, name_folded, department, department_folded, specialization, specialization_folded,
                status, created_at, version)
            VALUES ('doc_1', 'Meera', 'meera', 'Heart', 'heart', 'Rhythm', 'rhythm', 'ACTIVE', 0, 1);
        INSERT INTO source_ids VALUES ('old', '1', 'doc_1', 'Meera', 'Heart', 'Rhythm', 0);
        INSERT INTO hms_recipe ("only", recipe) VALUES (1, '\(TextRecipe(region: .india))');
        INSERT INTO leaves (leave_id, doctor_id, start_at, end_at, reason, created_at)
            VALUES ('lev_1', 'doc_1', \(slot(100)), \(slot(101)), 'rest', 0);
        """

    /// Monday, 2 March 2026: 09:00 in Asia/Kolkata, and every half hour after it.
    static func slot(_ number: Int) -> Int64 { 1_772_422_200_000 + Int64(number) * 1_800_000 }

    static let day = 20_514

    private static let appointments = """
        INSERT INTO doctor_department VALUES ('doc_1', 'Heart', 'heart', 1, 1);
        INSERT INTO doctor_days (clinic_day, doctor_id, scheduled, completed, no_show) VALUES (\(day), 'doc_1', 1, 1, 1);
        """
        + appointment(1, slot: 0, ["SCHEDULED"])
        + appointment(2, slot: 1, ["SCHEDULED", "CHECKED_IN", "COMPLETED"])
        + appointment(3, slot: 2, ["SCHEDULED", "CANCELLED"], feePercent: 50)
        + appointment(4, slot: 3, ["SCHEDULED", "NO_SHOW"], feePercent: 100)
        + appointment(5, slot: 4, ["COMPLETED"], isHistory: true)
        + "UPDATE appointments SET slot_end = slot_start + 437123 WHERE seq = 5;"
        + appointment(17, slot: 0, ["NO_SHOW", "CANCELLED"], feePercent: 0, isHistory: true)
        + appointment(6, slot: 5, ["SCHEDULED", "CANCELLED"], feePercent: 50)

    /// An appointment with its history; the last step was taken an hour before the slot.
    static func appointment(
        _ number: Int, slot: Int, _ states: [String], feePercent: Int? = nil, isHistory: Bool = false, day: Int = day
    ) -> String {
        let start = Self.slot(slot)
        let fee = feePercent.map { "\($0)" } ?? "NULL"
        let by = states.last == "CANCELLED" ? "'PATIENT'" : "NULL"
        let steps = states.enumerated().map { index, state in
            """
            INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by, reason)
                VALUES (\(number), \(index + 1), '\(state)', \(start), \(start - 3_600_000), 'reception:r', NULL);
            """
        }
        return """
            INSERT INTO appointments (seq, appointment_id, patient_id, doctor_id, department, department_folded, slot_start, slot_end,
                    clinic_day, status, reschedule_count, consultation_fee, cancelled_by, fee_percent, is_history, created_at, version)
                VALUES (\(number), 'apt_\(number)', 'pat_1', 'doc_1', 'Heart', 'heart', \(start), \(start + 1_800_000), \(day),
                    '\(states.last ?? "")', 0, 50000, \(by), \(fee), \(isHistory ? 1 : 0), 0, \(states.count));

            """ + steps.joined()
    }

    /// The visits' bills: a paid one, a fee that is open, a fee that is paid and partly given back, and a prepaid one whose
    /// visit was cancelled late.
    private static let bills =
        bill(2, appointment: 2, "CONSULTATION", 50_000, "PAID", paidBy: 2)
        + bill(3, appointment: 3, "CANCELLATION_FEE", 25_000, "OPEN")
        + bill(4, appointment: 4, "NO_SHOW_FEE", 50_000, "PARTIALLY_REFUNDED", paidBy: 4, refunded: 500)
        + bill(6, appointment: 6, "CONSULTATION", 50_000, "PARTIALLY_REFUNDED", paidBy: 6, refunded: 26_250)
        + bill(7, appointment: 1, "OTHER", 1_000, "VOID") + bill(8, appointment: 1, "OTHER", 1_000, "OPEN")
        + bill(10, appointment: nil, "OTHER", 1_000, "PAID", isImported: true)
        + bill(11, appointment: 5, "CONSULTATION", 1_000, "PAID", paidBy: 11, isImported: true)
        + "INSERT INTO bill_refunds (bill_id, refund_id, amount, refunded_at) VALUES ('bil_4', 'rfd_1', 500, 0), ('bil_6', 'rfd_2', 26250, 0);"

    static func bill(
        _ number: Int, appointment: Int?, _ kind: String, _ subtotal: Int64, _ status: String, paidBy: Int? = nil, refunded: Int64 = 0,
        isImported: Bool = false, endedAt: Int64 = 0
    ) -> String {
        let tax = (subtotal * 5 + 50) / 100
        let payment = paidBy.map { "'pay_\($0)', 0" } ?? (isImported ? "NULL, 0" : "NULL, NULL")
        let imported = isImported ? 1 : 0
        let end = status == "OPEN" ? "NULL" : "\(endedAt)"
        let visit = appointment.map { "apt_\($0)" } ?? ""
        return """
            INSERT INTO bills (bill_id, patient_id, appointment_id, department, kind, description, subtotal, tax, amount, currency, status,
                    void_reason, paid_by, paid_at, amount_refunded, is_imported, is_paid_elsewhere, ended_at, source, source_id, day,
                    created_at, version)
                VALUES ('bil_\(number)', 'pat_1', '\(visit)', 'Heart', '\(kind)', '', \(subtotal), \(tax), \(subtotal + tax),
                    'INR', '\(status)', \(status == "VOID" ? "'by mistake'" : "NULL"), \(payment), \(refunded), \(imported),
                    \(imported), \(end), \(isImported ? "'old', '\(number)'" : "NULL, NULL"), '2026-03-02', 0, 1);

            """
    }

    private static let payments =
        payment(2, of: 2, 52_500, "CAPTURED") + payment(4, of: 4, 52_500, "CAPTURED", refunded: 500)
        + payment(6, of: 6, 52_500, "CAPTURED", refunded: 26_250) + payment(7, of: 3, 26_250, "FAILED")
        + payment(11, of: 11, 1_050, "CAPTURED", isImported: true) + refund(1, of: 4, 500, "REFUNDED")
        + refund(2, of: 6, 26_250, "REFUNDED") + refund(3, of: 6, 50_000, "FAILED")

    static func payment(
        _ number: Int, of bill: Int, _ amount: Int64, _ status: String, refunded: Int64 = 0, sweepAt: Int64 = 0, isImported: Bool = false
    ) -> String {
        let origin = isImported ? "1, 0, 'old', '\(number)'" : "0, NULL, NULL, NULL"
        let answers =
            isImported
            ? "'SETTLED', NULL"
            : ["CAPTURED": "'SETTLED', 'CAPTURED'", "FAILED": "'RELEASED', 'DECLINED'"][status] ?? "'RESERVED', 'UNKNOWN'"
        return """
            INSERT INTO payments (payment_id, bill_id, patient_id, amount, currency, method, reference, status, failure_code, paid_at,
                    amount_refunded, created_at, version, caller, key, fingerprint, correlation_id, sweep_at,
                    is_imported, taken_at, source, source_id, bill_answer, charge)
                VALUES ('pay_\(number)', 'bil_\(bill)', 'pat_1', \(amount), 'INR', 'CASH', 'ref-\(number)', '\(status)',
                    \(status == "FAILED" ? "'DECLINED'" : "NULL"), \(status == "CAPTURED" ? "0" : "NULL"), \(refunded), 0, 1, 'billing:b',
                    'key-\(number)', x'00', 'c', \(sweepAt), \(origin), \(answers));

            """
    }

    static func refund(_ number: Int, of payment: Int, _ amount: Int64, _ status: String) -> String {
        """
        INSERT INTO refunds (refund_id, payment_id, amount, currency, reason, status, created_at, version, caller, key, correlation_id, sweep_at)
            VALUES ('rfd_\(number)', 'pay_\(payment)', \(amount), 'INR', '', '\(status)', 0, 1, 'billing:b', 'refund-\(number)', 'c', 0);

        """
    }

    private static let notifications = notification(1, to: "pat_1") + notification(2, to: "doc_1")

    static func notification(_ number: Int, to recipient: String) -> String {
        """
        INSERT INTO notifications (notification_id, event_id, event_type, channel, recipient, recipient_id, message, metadata,
                correlation_id, status, attempts, sent_at, next_attempt_at, created_at, version)
            VALUES ('ntf_\(number)', 'evt_1', 'appointment.booked', 'EMAIL', 'a@b.example', '\(recipient)', 'Come.', '{}', 'c', 'SENT', 1,
                0, 0, 0, 1);

        """
    }

    private static let prescriptions = """
        INSERT INTO prescriptions (prescription_id, appointment_id, patient_id, doctor_id, medication, dosage, days, status, issued_at,
                created_at, version, imported)
            VALUES ('rx_1', 'apt_2', 'pat_1', 'doc_1', 'Loratadine', 'one', 5, 'ACTIVE', 0, 0, 1, 0),
                ('rx_2', 'apt_5', 'pat_1', 'doc_1', 'Loratadine', 'one', 5, 'ACTIVE', 0, 0, 1, 1);
        """
}

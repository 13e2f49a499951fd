@testable import HospitalCheck

extension Breaking {
    static let bookings = [
        Breaking(
            "No doctor has two active appointments in one slot", "appointment",
            "DROP INDEX active_slot_of_doctor; DROP INDEX active_slot_of_patient;" + PaperDataFolder.appointment(9, slot: 0, ["SCHEDULED"]),
            breach: "doc_1: apt_1, apt_9"),
        Breaking(
            "No patient has two active appointments in one slot", "appointment",
            "DROP INDEX active_slot_of_doctor; DROP INDEX active_slot_of_patient;" + PaperDataFolder.appointment(9, slot: 0, ["SCHEDULED"]),
            breach: "pat_1: apt_1, apt_9"),
        Breaking(
            "No doctor has more than 8 appointments on a day, the cancelled ones not counted", "appointment",
            (10..<16).map { PaperDataFolder.appointment($0, slot: $0, ["SCHEDULED"]) }.joined(), breach: "doc_1 on day 20514: 9"),
        Breaking(
            "Every counter of a doctor's day is the number of his appointments", "appointment",
            "UPDATE doctor_days SET scheduled = 2", breach: "doc_1 on day 20514: counted 4, there are 3"),
        Breaking(
            "Every counter of a doctor's day is the number of his appointments", "appointment",
            "DELETE FROM doctor_days", breach: "doc_1 on day 20514: counted 0, there are 3"),
        Breaking(
            "No appointment was moved more than twice", "appointment",
            "UPDATE appointments SET reschedule_count = 3 WHERE seq = 1", breach: "apt_1: 3"),
        Breaking(
            "Every slot is on the grid and in clinic hours, and counts for its day", "appointment",
            "UPDATE appointments SET slot_start = slot_start + 1, slot_end = slot_end + 1 WHERE seq = 1",
            breach: "apt_1: 2026-03-02T03:30:00.001Z"),
        Breaking(
            "Every slot is on the grid and in clinic hours, and counts for its day", "appointment",
            "UPDATE appointments SET slot_start = slot_start - 1800000, slot_end = slot_end - 1800000 WHERE seq = 1",
            breach: "apt_1: 2026-03-02T03:00:00Z"),
        Breaking(
            "Every slot is on the grid and in clinic hours, and counts for its day", "appointment",
            "UPDATE appointments SET clinic_day = clinic_day + 1 WHERE seq = 1", breach: "apt_1: 2026-03-02T03:30:00Z"),
        Breaking(
            "Every slot is on the grid and in clinic hours, and counts for its day", "appointment",
            "UPDATE appointments SET clinic_day = clinic_day - 1 WHERE seq = 5", breach: "apt_5: 2026-03-02T05:30:00Z"),
        Breaking(
            "Every cancellation and no-show costs what its time and its cause say", "appointment",
            "UPDATE appointments SET fee_percent = 50 WHERE seq = 17", breach: "apt_17: 50 percent"),
        Breaking(
            "Every cancellation and no-show costs what its time and its cause say", "appointment",
            "UPDATE appointments SET fee_percent = 0 WHERE seq = 3", breach: "apt_3: 0 percent"),
        Breaking(
            "Every cancellation and no-show costs what its time and its cause say", "appointment",
            "UPDATE appointment_steps SET taken_at = taken_at - 3600001 WHERE appointment_seq = 3 AND step = 2", breach: "apt_3: 50 percent"
        ),
        Breaking(
            "Every cancellation and no-show costs what its time and its cause say", "appointment",
            "UPDATE appointments SET cancelled_by = 'CLINIC' WHERE seq = 3", breach: "apt_3: 50 percent"),
        Breaking(
            "Every cancellation and no-show costs what its time and its cause say", "appointment",
            "UPDATE appointments SET fee_percent = 50 WHERE seq = 4", breach: "apt_4: 50 percent"),
        Breaking(
            "No active appointment that had not begun when a leave was entered lies in it", "doctor",
            "UPDATE leaves SET start_at = \(PaperDataFolder.slot(0) + 1_799_999)", breach: "apt_1 in lev_1"),
        Breaking(
            "No active appointment that had not begun when a leave was entered lies in it", "doctor",
            "UPDATE leaves SET start_at = \(PaperDataFolder.slot(0)), created_at = \(PaperDataFolder.slot(0) - 1)", breach: "apt_1 in lev_1"
        ),
    ]

    static let people = [
        Breaking(
            "No INACTIVE patient has an active appointment", "patient", "UPDATE patients SET status = 'INACTIVE'", breach: "pat_1: apt_1"),
        Breaking("No INACTIVE patient has an OPEN bill", "patient", "UPDATE patients SET status = 'INACTIVE'", breach: "pat_1: bil_8"),
        Breaking(
            "No INACTIVE doctor has an active appointment that starts after he left", "doctor",
            "UPDATE doctors SET status = 'INACTIVE', deactivated_at = \(PaperDataFolder.slot(0) - 1)", breach: "doc_1: apt_1"),
    ]

    static let texts = [
        Breaking(
            "Every patient's name and number are kept as they are compared", "patient", "UPDATE patients SET name = 'Ida'",
            breach: "pat_1: other texts"),
        Breaking(
            "Every patient's name and number are kept as they are compared", "patient", "UPDATE patients SET phone = '98450 12345'",
            breach: "pat_1: other texts"),
        Breaking(
            "Every patient's name and number are kept as they are compared", "patient",
            "UPDATE patients SET phone = '98450 12345', phone_reversed = '5432105489'", breach: "pat_1: other texts"),
        Breaking(
            "Every doctor's name, department and specialization are kept as they are compared", "doctor",
            "UPDATE doctors SET department_folded = 'heart-lung'", breach: "doc_1: other texts"),
    ]

    static let histories = [
        Breaking(
            "Every change of an appointment has its step in the history", "appointment",
            "DELETE FROM appointment_steps WHERE appointment_seq = 2 AND step = 2", breach: "apt_2: version 3, 2 steps"),
        Breaking(
            "Every appointment is as the last step of its history left it", "appointment",
            "UPDATE appointments SET status = 'COMPLETED' WHERE seq = 1", breach: "apt_1: COMPLETED after SCHEDULED"),
        Breaking(
            "No step of a history is one that the rules do not know", "appointment",
            "UPDATE appointment_steps SET status = 'NO_SHOW' WHERE appointment_seq = 2 AND step = 2", breach: "apt_2: NO_SHOW → COMPLETED"),
        Breaking(
            "No step of a history is one that the rules do not know", "appointment",
            "UPDATE appointment_steps SET status = 'SCHEDULED' WHERE appointment_seq = 2 AND step = 3",
            breach: "apt_2: CHECKED_IN → SCHEDULED"
        ),
        Breaking(
            "No step of a history is one that the rules do not know", "appointment",
            "UPDATE appointment_steps SET status = 'SCHEDULED' WHERE appointment_seq = 17 AND step = 2",
            breach: "apt_17: NO_SHOW → SCHEDULED"
        ),
        Breaking(
            "An appointment was moved as often as its history says", "appointment",
            "UPDATE appointments SET reschedule_count = 1 WHERE seq = 1", breach: "apt_1: counted 1, moved 0"),
    ]

    static let references = [
        Breaking(
            "Every id that points to a record of another service leads to one", "appointment",
            "UPDATE appointments SET patient_id = 'pat_9' WHERE seq = 1", breach: "apt_1: patient_id pat_9"),
        Breaking(
            "Every id that points to a record of another service leads to one", "prescription",
            "UPDATE prescriptions SET appointment_id = 'apt_9'", breach: "rx_1: appointment_id apt_9"),
    ]

    private static let belongs = "Every step of a history, and every source id of a visit or a prescription, belongs to one that is there"

    static let belongings = [
        Breaking(
            belongs, "appointment", "DELETE FROM appointments WHERE seq = 17", breach: "appointment_steps: appointment_seq 17"),
        Breaking(
            belongs, "appointment", "INSERT INTO appointment_sources (source, source_id, appointment_seq) VALUES ('old', '9', 99)",
            breach: "appointment_sources: appointment_seq 99"),
        Breaking(
            belongs, "prescription", "INSERT INTO prescription_sources (source, source_id, prescription_seq) VALUES ('old', '9', 99)",
            breach: "prescription_sources: prescription_seq 99"),
    ]

    static let sourceIDs = [
        Breaking(
            "Every source id means one record, and that is there", "patient",
            "UPDATE source_ids SET patient_id = 'pat_9'", breach: "pat_9 is not there"),
        Breaking(
            "Every source id means one record, and that is there", "doctor", "DELETE FROM doctors", breach: "doc_1 is not there"),
        Breaking(
            "Every source id means one record, and that is there", "patient",
            """
            CREATE TABLE loose AS SELECT * FROM source_ids; DROP TABLE source_ids; ALTER TABLE loose RENAME TO source_ids;
            INSERT INTO source_ids VALUES ('old', '1', 'pat_2', 'Bea', '1990-12-10', 0);
            """,
            breach: "pat_1, pat_2 share an id of old"),
        Breaking(
            "No record has two ids of one source", "patient",
            """
            DROP INDEX source_ids_of_patient;
            INSERT INTO source_ids VALUES ('old', '2', 'pat_1', 'Ada', '1990-12-10', 0);
            """,
            breach: "pat_1 has 2 ids of old"),
    ]
}

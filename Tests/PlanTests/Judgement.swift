/// What was thought of the plans, and for which sizes.
enum Judgement {
    /// Rows of the tables that grow, in a large hospital of ten years.
    private static let sizes = [
        "appointment": "10,000,000 appointments, 10 of a patient, 20,000 of a doctor, 500,000 of a month",
        "billing": "10,000,000 bills, 10 of a patient, 20,000 of them OPEN, 500,000 of a month",
        "doctor": "2,000 doctors, 1,200 of one department, 50 leaves of one doctor that are not over",
        "notification": "50,000,000 notifications, 50 of a recipient, 1,000 of them PENDING or FAILED",
        "patient": "1,000,000 patients, 5 of an address or a number, 200 of its last digits, 100 of a date of birth",
        "payment": "10,000,000 payments, 10 of a patient, 100 of them PENDING",
        "prescription": "10,000,000 prescriptions, 10 of a patient, 3 of an appointment",
        "storage": "1,000,000 events and keys of the last days, 100 events that wait or were given up",
    ]

    static func heading(of book: String) -> String {
        """
        -- Every statement with its plan; `make plans` rewrites this file. Nothing makes statistics, so the plans are the same
        -- at every size. Judged for \(sizes[book] ?? "").
        """
    }

    /// Steps that read one row that is no table's.
    static let singleRows: Set<String> = ["SCAN CONSTANT ROW", "SCAN hms_clock"]

    /// Steps that read a table from its beginning or sort what they find, and why they may: a part of the statement, the step.
    static let known: [(statement: String, step: String, why: String)] = [
        ("DELETE FROM booking_holds", "SCAN booking_holds", "holds last 15 seconds, and the next one forgets those that are over"),
        ("FROM leaves WHERE doctor_id = ?", "USE TEMP B-TREE FOR ORDER BY", "the leaves of one doctor that are not over"),
        ("= 1 AND slot_start >= ? AND slot_start < ?", "USE TEMP B-TREE FOR ORDER BY", "a month at most is sorted, to make its first page"),
        ("AS counted", "SCAN counted", "a report: the groups of the year that was asked for"),
        ("AS counted", "USE TEMP B-TREE", "a report: the groups of the year that was asked for"),
        ("FROM doctor_days", "USE TEMP B-TREE FOR GROUP BY", "a report: the doctors of the year that was asked for"),
        ("FROM bills WHERE day BETWEEN ? AND ?", "SCAN moved", "a report: the bills of the year that was asked for"),
        ("FROM bills WHERE day BETWEEN ? AND ?", "USE TEMP B-TREE FOR GROUP BY", "a report: the groups of the year that was asked for"),
        (") AS owed WHERE", "SCAN owed", "a report: what is OPEN, and what has ended since the day that was asked for"),
        (") AS owed WHERE", "USE TEMP B-TREE FOR GROUP BY", "a report: what is OPEN, and what has ended since the day that was asked for"),
        ("AND taken_back = 0 ORDER BY CASE status", "USE TEMP B-TREE FOR ORDER BY", "the bills of one appointment"),
        (
            "FROM appointments WHERE patient_id = ? AND CASE WHEN slot_start", "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY",
            "the appointments of one patient"
        ),
        ("FROM appointments WHERE seq < ? AND patient_id = ?", "USE TEMP B-TREE FOR ORDER BY", "the appointments of one patient"),
        ("AND CASE WHEN doctor_id = ? AND ( slot_start", "USE TEMP B-TREE FOR ORDER BY", "the appointments of one patient"),
        (
            "FROM appointments WHERE doctor_id = ? AND slot_start >= ?", "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY",
            "the appointments of one doctor that start together"
        ),
        ("FROM appointments WHERE status = ? AND CASE WHEN slot_start", "USE TEMP B-TREE FOR ORDER BY", "those that are active are few"),
        ("FROM name_grams CROSS JOIN patients", "SCAN name_grams VIRTUAL TABLE INDEX", "FTS5 calls its own search so"),
        ("FROM hms_idempotency WHERE instr", "SCAN hms_idempotency", "some patient in a month is forgotten, in all that was answered"),
        ("FROM hms_forgotten WHERE stage < 2", "SCAN hms_forgotten USING INDEX", "those who were forgotten in the last minutes"),
        ("FROM hms_forgotten ORDER BY person_id", "SCAN hms_forgotten", "a list of everybody who was forgotten"),
        ("ORDER BY sequence LIMIT ?) w", "SCAN w", "a window of 1,000 events at most"),
        ("ORDER BY w.sequence LIMIT ?", "USE TEMP B-TREE FOR ORDER BY", "a window of 1,000 events at most"),
        ("FROM hms_outbox_dead GROUP BY subscriber", "SCAN hms_outbox_dead", "few events were given up"),
        ("FROM patients WHERE CASE WHEN seq", "USE TEMP B-TREE FOR ORDER BY", "who has these last digits or this date of birth"),
        ("FROM doctor_department", "SCAN doctor_department", "once, when a new program folds texts otherwise"),
        ("FROM webhooks", "SCAN webhooks", "a hospital has 200 webhooks at most"),
        ("FROM payments WHERE status = 'PENDING'", "USE TEMP B-TREE FOR ORDER BY", "few are PENDING"),
    ]
}

@testable import HospitalCheck

extension Breaking {
    static let past = [
        Breaking(
            overAndQuiet, "appointment", "UPDATE appointments SET status = 'CHECKED_IN' WHERE seq = 5",
            breach: "apt_5: CHECKED_IN, 437123 ms, told 0"),
        Breaking(
            overAndQuiet, "appointment", "UPDATE appointments SET slot_end = slot_start WHERE seq = 5",
            breach: "apt_5: COMPLETED, 0 ms, told 0"),
        Breaking(
            overAndQuiet, "appointment", "UPDATE appointments SET slot_end = slot_start + 31622400001 WHERE seq = 5",
            breach: "apt_5: COMPLETED, 31622400001 ms, told 0"),
        Breaking(
            overAndQuiet, "appointment", "UPDATE appointment_steps SET event_sequence = 7 WHERE appointment_seq = 17 AND step = 2",
            breach: "apt_17: CANCELLED, 1800000 ms, told 1"),
        Breaking(
            "Nothing is kept or given back for an imported visit that did not take place", "billing",
            """
            INSERT INTO closings (appointment_id, patient_id, department, fee_kind, consultation_fee, percent_kept, refund_asked)
                VALUES ('apt_17', 'pat_1', 'Heart', 'CANCELLATION_FEE', 50000, 0, 0);
            """, breach: "apt_17: CANCELLATION_FEE"),
        Breaking(
            "Every imported prescription was issued before it was imported", "prescription",
            "UPDATE prescriptions SET issued_at = 1 WHERE prescription_id = 'rx_2'", breach: "rx_2: issued at 1, imported at 0"),
    ]

    private static let overAndQuiet = "Every imported visit took some time and is over, and nobody was told of it"
}

import Storage

/// Billing rules 1–6, and who pays for a visit that did not take place.
extension Invariants {
    static let bills = [
        Invariant(
            "The tax of every bill is 5 percent, half up, and its amount is subtotal and tax", of: ["billing"],
            counting: "SELECT count(*) FROM billing.bills",
            breaking: """
                SELECT bill_id || ': ' || subtotal || ' + ' || tax || ' = ' || amount FROM billing.bills
                WHERE subtotal NOT BETWEEN 1 AND 1000000000000 OR tax <> (subtotal * 5 + 50) / 100 OR amount <> subtotal + tax
                """),
        Invariant(
            "No appointment has two bills of one kind, OTHER excepted", of: ["billing"],
            counting: "SELECT count(*) FROM billing.bills WHERE kind <> 'OTHER'",
            breaking: """
                SELECT appointment_id || ': ' || group_concat(bill_id, ', ') FROM billing.bills
                WHERE kind <> 'OTHER' GROUP BY appointment_id, kind HAVING count(*) > 1
                """),
        Invariant(
            "Every completed appointment has exactly one consultation bill", of: ["appointment", "billing"], .inTheEnd,
            counting: "SELECT count(*) FROM appointment.appointments WHERE status = 'COMPLETED' AND NOT is_history",
            breaking: """
                SELECT a.appointment_id || ': ' || count(b.bill_id) || ' bills' FROM appointment.appointments a
                LEFT JOIN billing.bills b ON b.appointment_id = a.appointment_id AND b.kind = 'CONSULTATION'
                WHERE a.status = 'COMPLETED' AND NOT a.is_history GROUP BY a.seq HAVING count(b.bill_id) <> 1
                """),
        Invariant(
            "Every cancelled or missed appointment has the fee bill that its time says, and no open consultation bill",
            of: ["appointment", "billing", "payment"], .inTheEnd,
            counting: "SELECT count(*) FROM appointment.appointments WHERE status IN ('CANCELLED', 'NO_SHOW') AND NOT is_history",
            breaking: """
                WITH \(closed)
                SELECT c.appointment_id || CASE
                    WHEN v.status = 'OPEN' THEN ': the consultation bill is open'
                    WHEN f.bill_id IS NULL THEN ': has no fee bill'
                    ELSE ': the fee bill is of ' || f.subtotal || ', not of ' || c.kept END
                FROM closed c
                LEFT JOIN billing.bills v ON v.appointment_id = c.appointment_id AND v.kind = 'CONSULTATION'
                LEFT JOIN billing.bills f ON f.appointment_id = c.appointment_id AND f.kind = c.fee_kind
                WHERE v.status = 'OPEN'
                    OR COALESCE(v.status, 'VOID') = 'VOID' AND COALESCE(f.subtotal, 0) <> c.kept
                    OR COALESCE(v.status, 'VOID') NOT IN ('VOID', 'OPEN') AND f.bill_id IS NOT NULL
                """),
        Invariant(
            "Whoever has paid for an appointment that was cancelled or missed got back what is not kept",
            of: ["appointment", "billing", "payment"], .inTheEnd,
            counting: """
                SELECT count(*) FROM appointment.appointments a JOIN billing.bills b ON b.appointment_id = a.appointment_id
                WHERE a.status IN ('CANCELLED', 'NO_SHOW') AND b.kind = 'CONSULTATION' AND b.paid_by IS NOT NULL AND NOT a.is_history
                """,
            breaking: """
                WITH \(closed)
                SELECT b.bill_id || ': refunded ' || b.amount_refunded || ' of ' || b.amount FROM closed c
                JOIN billing.bills b ON b.appointment_id = c.appointment_id AND b.kind = 'CONSULTATION' AND b.paid_by IS NOT NULL
                WHERE b.amount_refunded < b.amount - (c.kept + (c.kept * 5 + 50) / 100)
                """),
        Invariant(
            "Bills, payments and prescriptions are of the patient of their appointment",
            of: ["appointment", "billing", "payment", "prescription"],
            .acrossServices,
            counting: """
                SELECT (SELECT count(*) FROM billing.bills) + (SELECT count(*) FROM payment.payments)
                    + (SELECT count(*) FROM prescription.prescriptions)
                """,
            breaking: """
                SELECT b.bill_id FROM billing.bills b JOIN appointment.appointments a ON a.appointment_id = b.appointment_id
                WHERE a.patient_id <> b.patient_id
                UNION ALL
                SELECT p.payment_id FROM payment.payments p JOIN billing.bills b ON b.bill_id = p.bill_id WHERE b.patient_id <> p.patient_id
                UNION ALL
                SELECT r.prescription_id FROM prescription.prescriptions r
                JOIN appointment.appointments a ON a.appointment_id = r.appointment_id
                WHERE a.patient_id <> r.patient_id OR a.doctor_id <> r.doctor_id
                """),
    ]

    /// Appointments that did not take place here, and what the clinic keeps of the fee, before tax.
    private static let closed = """
        closed AS (
            SELECT appointment_id, CASE status WHEN 'NO_SHOW' THEN 'NO_SHOW_FEE' ELSE 'CANCELLATION_FEE' END AS fee_kind,
                (consultation_fee * fee_percent + 50) / 100 AS kept
            FROM appointment.appointments WHERE status IN ('CANCELLED', 'NO_SHOW') AND NOT is_history)
        """
}

import Storage

/// Billing rules 1–6, and who pays for a visit that did not take place.
extension Invariants {
    static let bills = [
        Invariant(
            "The tax of every bill that was made here is 5 percent, half up, and the amount of every bill is subtotal and tax",
            of: ["billing"],
            counting: "SELECT count(*) FROM billing.bills",
            breaking: """
                SELECT bill_id || ': ' || subtotal || ' + ' || tax || ' = ' || amount FROM billing.bills
                WHERE subtotal NOT BETWEEN 1 AND 1000000000000 OR tax < 0 OR amount <> subtotal + tax
                    OR is_imported = 0 AND tax <> (subtotal * 5 + 50) / 100
                """),
        Invariant(
            "No appointment has two bills of one kind that are not VOID, OTHER and fees that were taken back excepted", of: ["billing"],
            counting: "SELECT count(*) FROM billing.bills WHERE kind <> 'OTHER' AND status <> 'VOID'",
            breaking: """
                SELECT appointment_id || ': ' || min(bill_id) || ', ' || max(bill_id) FROM billing.bills
                WHERE kind <> 'OTHER' AND status <> 'VOID' AND appointment_id <> '' AND taken_back = 0
                GROUP BY appointment_id, kind HAVING count(*) > 1
                """),
        Invariant(
            "Every completed appointment has a consultation bill that is not VOID, unless that was made void after the visit",
            of: ["appointment", "billing"], .inTheEnd,
            counting: "SELECT count(*) FROM appointment.appointments WHERE status = 'COMPLETED' AND is_history = 0",
            breaking: """
                SELECT a.appointment_id || ': ' || CASE
                    WHEN EXISTS (SELECT 1 FROM billing.bills b WHERE b.appointment_id = a.appointment_id AND b.kind = 'CONSULTATION')
                    THEN 'only bills made void before the visit was over' ELSE 'no bill' END
                FROM appointment.appointments a
                JOIN appointment.appointment_steps s ON s.appointment_seq = a.seq AND s.step = a.version
                WHERE a.status = 'COMPLETED' AND a.is_history = 0 AND NOT EXISTS (
                    SELECT 1 FROM billing.bills b WHERE b.appointment_id = a.appointment_id AND b.kind = 'CONSULTATION'
                        AND (b.status <> 'VOID' OR b.ended_at IS NULL OR b.ended_at >= s.taken_at))
                """),
        Invariant(
            "Every cancelled or missed appointment has the fee bill that its time says, and no open consultation bill",
            of: ["appointment", "billing", "payment"], .inTheEnd,
            counting: "SELECT count(*) FROM appointment.appointments WHERE status IN ('CANCELLED', 'NO_SHOW') AND is_history = 0",
            breaking: """
                WITH \(closed)
                SELECT c.appointment_id || CASE
                    WHEN v.status = 'OPEN' THEN ': the consultation bill is open'
                    WHEN f.bill_id IS NULL THEN ': has no fee bill'
                    ELSE ': the fee bill is of ' || f.subtotal || ', not of ' || c.kept END
                FROM closed c
                LEFT JOIN billing.bills v ON v.appointment_id = c.appointment_id AND v.kind = 'CONSULTATION' AND v.status <> 'VOID'
                LEFT JOIN billing.bills f ON f.seq = (SELECT seq FROM billing.bills fee
                    WHERE fee.appointment_id = c.appointment_id AND fee.kind = c.fee_kind AND fee.taken_back = 0
                    ORDER BY CASE fee.status WHEN 'VOID' THEN 1 ELSE 0 END, fee.seq DESC LIMIT 1)
                WHERE v.status = 'OPEN'
                    OR COALESCE(v.status, 'VOID') = 'VOID' AND COALESCE(f.subtotal, 0) <> c.kept
                    OR COALESCE(v.status, 'VOID') NOT IN ('VOID', 'OPEN') AND f.bill_id IS NOT NULL
                """),
        Invariant(
            "Nobody owes or has paid for a no-show that was taken back", of: ["appointment", "billing", "payment"], .inTheEnd,
            counting: "SELECT count(*) FROM billing.bills WHERE kind = 'NO_SHOW_FEE'",
            breaking: """
                SELECT a.appointment_id || ': ' || b.bill_id || ' is ' || b.status FROM billing.bills b
                JOIN appointment.appointments a ON a.appointment_id = b.appointment_id AND a.is_history = 0
                WHERE b.kind = 'NO_SHOW_FEE' AND b.status NOT IN ('VOID', 'REFUNDED') AND b.is_imported = 0 AND (b.taken_back = 1 OR a.status <> 'NO_SHOW')
                """),
        Invariant(
            "Whoever has paid for an appointment that was cancelled or missed got back what is not kept",
            of: ["appointment", "billing", "payment"], .inTheEnd,
            counting: """
                SELECT count(*) FROM appointment.appointments a JOIN billing.bills b ON b.appointment_id = a.appointment_id
                WHERE a.status IN ('CANCELLED', 'NO_SHOW') AND b.kind = 'CONSULTATION' AND b.paid_by IS NOT NULL AND a.is_history = 0
                """,
            breaking: """
                WITH \(closed)
                SELECT b.bill_id || ': refunded ' || b.amount_refunded || ' of ' || b.amount FROM closed c
                JOIN billing.bills b ON b.appointment_id = c.appointment_id AND b.kind = 'CONSULTATION' AND b.paid_by IS NOT NULL
                WHERE b.amount_refunded < b.amount - (c.kept + (c.kept * 5 + 50) / 100)
                """),
        Invariant(
            "A bill is owed until it is paid or VOID, and its refunds add up", of: ["billing"],
            counting: "SELECT count(*) FROM billing.bills",
            breaking: """
                SELECT b.bill_id || ': ' || b.status || CASE WHEN b.ended_at IS NULL THEN '' ELSE ', ended' END
                    || ', refunded ' || b.amount_refunded || ', refunds of ' || COALESCE(sum(r.amount), 0)
                FROM billing.bills b LEFT JOIN billing.bill_refunds r ON r.bill_id = b.bill_id GROUP BY b.seq
                HAVING COALESCE(sum(r.amount), 0) <> b.amount_refunded
                    OR b.status <> 'VOID' AND (b.status = 'OPEN') <> (b.ended_at IS NULL)
                """),
        Invariant(
            "A source id means one bill, or one payment", of: ["billing", "payment"],
            counting: """
                SELECT (SELECT count(*) FROM billing.bills WHERE source IS NOT NULL)
                    + (SELECT count(*) FROM payment.payments WHERE source IS NOT NULL)
                """,
            breaking: """
                SELECT min(bill_id) || ', ' || max(bill_id) FROM billing.bills WHERE source IS NOT NULL
                GROUP BY source, source_id HAVING count(*) > 1
                UNION ALL
                SELECT min(payment_id) || ', ' || max(payment_id) FROM payment.payments WHERE source IS NOT NULL AND status <> 'FAILED'
                GROUP BY source, source_id HAVING count(*) > 1
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
            FROM appointment.appointments WHERE status IN ('CANCELLED', 'NO_SHOW') AND is_history = 0)
        """
}

/// Rows in every table of a service, as many as PostgreSQL looks at to make statistics, and spread as in a hospital: its plans come of
/// them, and are the same at every run.
enum SeededTables {
    static func sql(of service: String) -> [String] {
        switch service {
        case "appointment": appointment + storage
        case "patient": patient
        case "doctor": doctor
        case "billing": billing
        case "payment": payment
        case "prescription": prescription
        default: notification
        }
    }

    private static let appointment = [
        """
        INSERT INTO appointments (seq, appointment_id, patient_id, doctor_id, department, department_folded, slot_start,
            slot_end, clinic_day, status, reschedule_count, consultation_fee, fee_percent, is_history, created_at, version)
            SELECT n, 'apt_'||n, 'pat_'||n%2500, 'doc_'||n%100, 'Department '||n%12, 'department '||n%12, n*1800000,
            n*1800000+1800000, n/48, CASE n%20 WHEN 0 THEN 'SCHEDULED' WHEN 1 THEN 'CANCELLED' WHEN 2 THEN 'NO_SHOW' ELSE
            'COMPLETED' END, 0, 50000, CASE n%20 WHEN 1 THEN 0 WHEN 2 THEN 100 END, 0, n, 1 FROM
            generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by, event_sequence) SELECT n,
            1, 'SCHEDULED', n*1800000, n, 'reception', n FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO doctor_days (clinic_day, doctor_id, completed) SELECT n%500, 'doc_'||n/500, 5 FROM generate_series(0,24999)
            n
        """,
        """
        INSERT INTO doctor_department SELECT 'doc_'||n, 'D', 'd', 1, 1 FROM generate_series(1,100) n
        """,
        """
        INSERT INTO appointment_sources SELECT 'synthea', 'id'||n, n FROM generate_series(1,20000) n
        """,
        """
        INSERT INTO booking_holds SELECT 'doc_'||n, 0, 1, n FROM generate_series(1,5) n
        """,
    ]

    private static let storage = [
        """
        INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at) SELECT 'evt_'||n,
            'appointment.booked', 'apt_'||n, '\\x00', 'c', n FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO hms_outbox_cursors VALUES ('billing', 24000, NULL, 0, 0, 0), ('notification', 24000, NULL, 0, 0, 0)
        """,
        """
        INSERT INTO hms_inbox SELECT 'appointment', 'evt_'||n, n, 'doctor', n%2 * n FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO hms_outbox_held SELECT 'billing', n, 'apt_'||n, 1, 1, n FROM generate_series(24901,25000) n
        """,
        """
        INSERT INTO hms_outbox_dead SELECT 'billing', n, 'x', 8, 1 FROM generate_series(24801,24900) n
        """,
        """
        INSERT INTO hms_idempotency SELECT 'reception:x', 'm', 'k'||n, '\\x00', 0, '\\x00', n, n%2 FROM
            generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO hms_audit SELECT n, n, 'anna', 'reception', '10.0.0.1', 'c', 'm', 'read', 'pat_'||n, '', '', 'OK', '' FROM
            generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO hms_audit_chain SELECT n, n, '\\x00' FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO hms_audit_purges SELECT n, '\\x00', n FROM generate_series(1::bigint,5000) n
        """,
        """
        INSERT INTO hms_audit_anchors SELECT 'patient', n, '\\x00', n FROM generate_series(1::bigint,5000) n
        """,
    ]

    private static let patient = [
        """
        INSERT INTO patients (patient_id, name, name_folded, email, email_lower, phone, phone_reversed, dob, allergies, status,
            created_at, version) SELECT 'pat_'||n, 'Name '||md5(n::text), 'name '||md5(n::text), 'p'||n, 'p'||n, '9'||n,
            reverse('9'||n), '19'||(n%60+10)||'-01-0'||(n%9+1), '', CASE n%50 WHEN 0 THEN 'INACTIVE' ELSE 'ACTIVE' END, n, 1
            FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO source_ids SELECT 'synthea', 'id'||n, 'pat_'||n, 'x', 'y', 1 FROM generate_series(1,20000) n
        """,
    ]

    private static let doctor = [
        """
        INSERT INTO doctors (doctor_id, name, name_folded, department, department_folded, specialization, specialization_folded,
            status, created_at, version) SELECT 'doc_'||n, 'Dr '||n, 'dr '||n, 'D', 'd'||n%12, 'S', 's'||n%30, CASE n%20 WHEN 0
            THEN 'INACTIVE' ELSE 'ACTIVE' END, n, 1 FROM generate_series(1,2000) n
        """,
        """
        INSERT INTO schedules SELECT 'doc_'||n, 1 FROM generate_series(1,2000) n
        """,
        """
        INSERT INTO working_hours SELECT 'doc_'||n, d, 540, 1080 FROM generate_series(1,2000) n, generate_series(1,7) d
        """,
        """
        INSERT INTO leaves (leave_id, doctor_id, start_at, end_at, reason, created_at) SELECT 'lv_'||n, 'doc_'||n%2000+1, n,
            n+10, 'x', n FROM generate_series(1,20000) n
        """,
        """
        INSERT INTO source_ids SELECT 'synthea', 'id'||n, 'doc_'||n, 'x', 'y','z', 1 FROM generate_series(1,2000) n
        """,
    ]

    private static let billing = [
        """
        INSERT INTO bills (bill_id, patient_id, appointment_id, department, kind, description, subtotal, tax, amount, currency,
            status, void_reason, paid_by, paid_at, is_paid_elsewhere, ended_at, amount_refunded, day, created_at, is_imported,
            version) SELECT 'bil_'||n, 'pat_'||n%2500, 'apt_'||n, 'D'||n%12, 'CONSULTATION', 'x', 100, 5, 105, 'INR', CASE n%50
            WHEN 0 THEN 'OPEN' ELSE 'PAID' END, NULL, CASE n%50 WHEN 0 THEN NULL ELSE 'pay_'||n END, CASE n%50 WHEN 0 THEN NULL
            ELSE n END, 0, CASE n%50 WHEN 0 THEN NULL ELSE n END, 0,
            '2026-'||lpad((n%12+1)::text,2,'0')||'-'||lpad((n%28+1)::text,2,'0'), n, 0, 1 FROM generate_series(1::bigint,25000)
            n
        """,
        """
        UPDATE bills SET reserved_by='x' WHERE status='OPEN' AND seq%500=0
        """,
        """
        INSERT INTO bill_refunds (bill_id, refund_id, amount, refunded_at) SELECT 'bil_'||n, 'r'||n, 1, n FROM
            generate_series(1,1000) n
        """,
        """
        INSERT INTO closings SELECT 'apt_'||n, 'p','d','NO_SHOW_FEE',100,100,0 FROM generate_series(1,2000) n
        """,
    ]

    private static let payment = [
        """
        INSERT INTO payments (payment_id, bill_id, patient_id, amount, currency, method, reference, status, paid_at,
            amount_refunded, created_at, version, caller, key, fingerprint, correlation_id, sweep_at, source, source_id,
            is_imported, taken_at) SELECT 'pay_'||n, 'bil_'||n, 'pat_'||n%2500, 105, 'INR', 'CARD', 'r'||n, CASE n%500 WHEN 0
            THEN 'PENDING' ELSE 'CAPTURED' END, CASE n%500 WHEN 0 THEN NULL ELSE n END, 0, n, 1, 'c', 'k'||n, '\\x00', 'c', n,
            CASE WHEN n%2=0 THEN 's' END, CASE WHEN n%2=0 THEN 'i'||n END, 1-n%2, CASE WHEN n%2=0 THEN n END FROM
            generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO refunds (refund_id, payment_id, amount, currency, reason, status, created_at, version, caller, key,
            correlation_id, sweep_at) SELECT 'ref_'||n, 'pay_'||n, 1, 'INR', 'x', CASE n%100 WHEN 0 THEN 'PENDING' ELSE
            'REFUNDED' END, n, 1, 'c', 'k'||n, 'c', n FROM generate_series(1,2000) n
        """,
    ]

    private static let prescription = [
        """
        INSERT INTO prescriptions (seq, prescription_id, appointment_id, patient_id, doctor_id, medication, dosage, days,
            status, issued_at, created_at, version) SELECT n, 'rx_'||n, 'apt_'||n/3, 'pat_'||n%2500, 'doc_'||n%100, 'm', 'd', 3,
            'ACTIVE', n, n, 1 FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO prescription_sources SELECT 's','i'||n,n FROM generate_series(1,10000) n
        """,
    ]

    private static let notification = [
        """
        INSERT INTO webhooks (webhook_id, url, event_types, secret, created_at, version) SELECT 'whk_'||n, 'https://lab.example/',
            'appointment.booked', 's', n, 1 FROM generate_series(1::bigint,200) n
        """,
        """
        INSERT INTO events (event_id, event_type, occurred_at, received_at, body) SELECT 'evt_'||n, 'type.'||n%20, n, n, '{}' FROM
            generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO webhook_events SELECT 'type.'||n%20, 'whk_'||n/20 FROM generate_series(0,3999) n
        """,
        """
        INSERT INTO webhook_deliveries (delivery_id, webhook_id, event_id, event_type, body, correlation_id, status, attempts,
            sent_at, next_attempt_at, created_at, version) SELECT 'dlv_'||n, 'whk_'||n%200, 'evt_'||n/200, 'type.'||n%20, '{}', 'c',
            CASE n%50 WHEN 0 THEN 'PENDING' WHEN 1 THEN 'FAILED' ELSE 'SENT' END, 1, CASE n%50 WHEN 0 THEN NULL WHEN 1 THEN NULL ELSE
            n END, n, n, 1 FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO announcements (event_id, event_type, audience, recipient_id, reference, by_clinic, correlation_id, due_at,
            status, attempts, next_attempt_at) SELECT 'evt_'||n, 't'||n%8, 'PATIENT', 'pat_'||n%2500, 'r', 0, 'c', n, CASE n%50
            WHEN 0 THEN 'WAITING' ELSE 'DONE' END, 0, n FROM generate_series(1::bigint,25000) n
        """,
        """
        INSERT INTO notifications (notification_id, event_id, event_type, channel, recipient, recipient_id, message, metadata,
            correlation_id, status, attempts, sent_at, next_attempt_at, created_at, version) SELECT 'ntf_'||n, 'evt_'||n,
            't'||n%8, CASE n%2 WHEN 0 THEN 'SMS' ELSE 'EMAIL' END, 'r', 'pat_'||n%2500, 'm', '{}', 'c', CASE n%100 WHEN 0 THEN
            'PENDING' ELSE 'SENT' END, 0, CASE n%100 WHEN 0 THEN NULL ELSE n END, n, n, 1 FROM generate_series(1::bigint,25000)
            n
        """,
    ]
}

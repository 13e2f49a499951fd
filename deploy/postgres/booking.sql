-- The statements of a booking as the appointment service sends them, for pgbench: what a server does of them by itself.
--   pgbench -n -M prepared -c 64 -j 2 -T 20 --max-tries=10 -D n=0 -D base=$(date +%s%N | cut -c1-16) -f booking.sql 'dbname=… options=-csearch_path=appointment'
-- `hms-bench booking --database postgres://…` is the other side of the comparison.
\set n :n + 1
\set id :base + :n * 128 + :client_id
\set patient random(1, 200)
\set doctor random(1001, 1200)
\set start random(1, 315360000000)
\set end :start + 1800000
\set day :start / 86400000
\startpipeline
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT EXISTS (SELECT 1 FROM appointments WHERE patient_id = :patient AND slot_start = :start AND status IN ('SCHEDULED', 'CHECKED_IN') AND seq <> 0), EXISTS (SELECT 1 FROM appointments WHERE doctor_id = :doctor AND slot_start = :start AND status IN ('SCHEDULED', 'CHECKED_IN') AND seq <> 0), COALESCE((SELECT scheduled + checked_in + completed + no_show FROM doctor_days WHERE clinic_day = :day AND doctor_id = :doctor), 0), EXISTS (SELECT 1 FROM booking_holds WHERE person_id IN (:patient, :doctor) AND expires_at > :start AND from_at < :end AND to_at > :start);
\endpipeline
INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at) VALUES (:id, 'appointment.booked', :id, decode(repeat('00', 200), 'hex'), 'correlation', 1) RETURNING sequence \gset
\startpipeline
INSERT INTO doctor_days (clinic_day, doctor_id, scheduled) VALUES (:day, :doctor, 1) ON CONFLICT (clinic_day, doctor_id) DO UPDATE SET scheduled = doctor_days.scheduled + 1;
INSERT INTO appointments (slot_start, slot_end, clinic_day, status, reschedule_count, cancel_reason, cancelled_by, fee_percent, version, appointment_id, patient_id, doctor_id, department, department_folded, consultation_fee, is_history, created_at) VALUES (:start, :end, :day, 'SCHEDULED', 0, NULL, NULL, NULL, 1, :id, :patient, :doctor, 'Cardiology', 'cardiology', 50000, 0, 1);
\endpipeline
\startpipeline
INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by, reason, event_sequence) VALUES (currval('appointments_seq_seq'), 1, 'SCHEDULED', :start, 1, 'reception', NULL, :sequence);
COMMIT;
\endpipeline

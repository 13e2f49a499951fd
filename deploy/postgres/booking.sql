-- The statements of a booking, word for word as the appointment service sends them (a test compares them), for pgbench: what a
-- server makes of them by itself. Persons and slots follow each other as in hms-bench: 200 people, eight slots a day.
-- `make bench-postgres` runs both sides of the comparison; it sets first, n, clients, status, department, payload and the like.
\set n :n + 1
\set index :first + :n * :clients + :client_id
\set patient :index % 200
\set doctor :index % 200 + 1000
\set day 50000 + :index / 1600
\set start :day * 86400000 + :index / 200 % 8 * 1800000
\set end :start + 1800000
\set sequence 1000000000000 + :index
\startpipeline
BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE;
SELECT EXISTS (SELECT 1 FROM booking_holds WHERE person_id IN (:patient, :doctor) AND expires_at > (SELECT milliseconds FROM hms_clock) AND from_at < :end AND to_at > :start);
INSERT INTO appointments (slot_start, slot_end, clinic_day, status, reschedule_count, cancel_reason, cancelled_by, fee_percent, version, appointment_id, patient_id, doctor_id, department, department_folded, consultation_fee, is_history, created_at) VALUES (:start, :end, :day, :status, :zero, NULL, NULL, NULL, :one, :sequence, :patient, :doctor, :department, :department, :fee, :zero, :one) RETURNING seq;
INSERT INTO doctor_days (clinic_day, doctor_id, scheduled) VALUES (:day, :doctor, 1) ON CONFLICT (clinic_day, doctor_id) DO UPDATE SET scheduled = doctor_days.scheduled + 1;
INSERT INTO hms_outbox (event_id, type, aggregate_id, payload, correlation_id, created_at, traceparent, tracestate) VALUES (:sequence, :status, :sequence, :payload, :correlation, :one, NULL, NULL) RETURNING sequence;
\endpipeline
\startpipeline
INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by, reason, event_sequence) VALUES (:sequence, :one, :status, :start, :one, :department, NULL, :sequence);
COMMIT;
\endpipeline

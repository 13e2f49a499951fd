import AppointmentRules
import Contracts
import ServiceKit
import Storage
import Vocabulary

extension Reader {
    /// The appointment that an import is about, where it is there already: the one that its source id means, or else one of
    /// the same people at the same time.
    ///
    /// - Throws: `SOURCE_ID_TAKEN` where the source id means another.
    func present(_ judged: JudgedImport) throws -> StoredAppointment? {
        if let sourceID = judged.wanted.sourceID, let known = try appointment(of: sourceID) {
            guard try isSame(known, as: judged.place) else {
                throw Rejection.sourceIDTaken(by: known.appointment.appointmentID, .appointment)
            }
            return known
        }
        return judged.hasTime ? try appointment(like: judged) : nil
    }

    func appointment(of sourceID: SourceID) throws -> StoredAppointment? {
        try row(
            """
            SELECT \(StoredAppointment.columns) FROM appointments
            WHERE seq = (SELECT appointment_seq FROM appointment_sources WHERE source = ? AND source_id = ?)
            """,
            [.text(sourceID.source), .text(sourceID.value)], StoredAppointment.init)
    }

    /// Of the same people, and now or once at that time: what was booked may have been moved since.
    private func isSame(_ known: StoredAppointment, as place: WantedPlace) throws -> Bool {
        guard known.appointment.patientID == place.patientID, known.appointment.doctorID == place.doctorID else { return false }
        return try exists(
            "SELECT 1 FROM appointment_steps WHERE appointment_seq = ? AND slot_start = ?",
            [.integer(known.sequence), .integer(place.slot.start.millisecondsSinceEpoch)])
    }

    /// One of the same people at the same time, cancelled or not as the import: a visit of the past that ended at the same
    /// time too, a booking that stands there or was imported there. With a source id, one of those that have none.
    private func appointment(like judged: JudgedImport) throws -> StoredAppointment? {
        let place = judged.place
        let start = SQLValue.integer(place.slot.start.millisecondsSinceEpoch)
        let isCancelled = SQLValue(judged.wanted.state == .cancelled)
        return try row(
            """
            SELECT \(StoredAppointment.columns) FROM appointments
            WHERE patient_id = ? AND CASE WHEN doctor_id = ? AND (
                    slot_start = ? AND CASE status WHEN 'CANCELLED' THEN 1 ELSE 0 END = ? AND (is_history = 0 OR slot_end = ?)
                    OR is_history = 0 AND EXISTS (SELECT 1 FROM appointment_steps s
                        WHERE s.appointment_seq = appointments.seq AND s.step = 1 AND s.reason = '\(ImportStep.imported)'
                            AND s.slot_start = ? AND CASE s.status WHEN 'CANCELLED' THEN 1 ELSE 0 END = ?)
                ) AND (? = 0 OR NOT EXISTS (SELECT 1 FROM appointment_sources o WHERE o.appointment_seq = appointments.seq))
                THEN 1 ELSE 0 END = 1
            ORDER BY seq LIMIT 1
            """,
            [
                .text(place.patientID), .text(place.doctorID), start, isCancelled, .integer(place.slot.end.millisecondsSinceEpoch), start,
                isCancelled, SQLValue(judged.wanted.sourceID != nil),
            ], StoredAppointment.init)
    }
}

extension Transaction {
    /// Keeps what a source id means. Once known it means the same for ever.
    func remember(_ sourceID: SourceID?, of sequence: Int64) throws {
        guard let sourceID else { return }
        try enqueue(
            """
            INSERT INTO appointment_sources (source, source_id, appointment_seq) VALUES (?, ?, ?)
            ON CONFLICT (source, source_id) DO NOTHING
            """,
            [.text(sourceID.source), .text(sourceID.value), .integer(sequence)])
    }

    /// Puts a visit of the past right, and adds a step to its history.
    func correct(_ stored: StoredAppointment, to appointment: Appointment, _ step: Step) throws {
        noteChange(from: stored.appointment, to: appointment)
        try recount(stored, as: appointment, on: stored.clinicDay)
        try enqueue(
            """
            UPDATE appointments SET slot_end = ?, status = ?, department = ?, department_folded = ?, cancel_reason = ?, fee_percent = ?,
                version = ?
            WHERE seq = ? AND is_history = 1
            """,
            [
                SQLValue(appointment.slotEnd?.instant?.millisecondsSinceEpoch), .text(try appointment.status.storedWord),
                .text(appointment.department), .text(FoldedText(appointment.department).text), SQLValue(appointment.cancelReason),
                SQLValue(appointment.feePercent), .integer(appointment.version), .integer(stored.sequence),
            ])
        try record(step, of: StoredAppointment(sequence: stored.sequence, clinicDay: stored.clinicDay, appointment: appointment))
    }
}

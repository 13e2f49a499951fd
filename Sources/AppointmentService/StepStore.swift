import AppointmentRules
import Contracts
import ServiceKit
import Storage
import Vocabulary

/// Who takes a step with an appointment, when and why.
struct Step: Sendable {
    let at: Instant
    /// Role and subject of the caller: `reception:desk-2`.
    let by: String
    let reason: String?
    /// The place in the outbox of the event that tells of it; nil where nobody is told.
    var eventSequence: Int64?
}

extension Transaction {
    /// Adds a step to the history of an appointment, which is as the step has left it.
    func record(_ step: Step, of stored: StoredAppointment) throws {
        try enqueue(
            """
            INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by, reason,
                event_sequence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(stored.sequence), .integer(stored.appointment.version), .text(try stored.appointment.status.storedWord),
                SQLValue(stored.appointment.slotStart?.instant?.millisecondsSinceEpoch), .integer(step.at.millisecondsSinceEpoch),
                .text(step.by), SQLValue(step.reason), SQLValue(step.eventSequence),
            ])
    }
}

extension Reader {
    /// The last step of an appointment. What another system has noted is its whole history here: nothing came before.
    ///
    /// - Throws: where a row holds what the schema's checks keep out.
    func lastStep(of stored: StoredAppointment) throws -> LastStep {
        let found = try row(
            """
            SELECT s.status, s.taken_at, before.status FROM appointment_steps s
            JOIN appointments a ON a.seq = s.appointment_seq
            LEFT JOIN appointment_steps before
                ON before.appointment_seq = s.appointment_seq AND before.step = s.step - 1 AND a.is_history = 0
            WHERE s.appointment_seq = ? AND s.step = ?
            """, [.integer(stored.sequence), .integer(stored.appointment.version)]
        ) { row in
            try AppointmentStatus(storedWord: row.text(0)).state.map {
                LastStep(
                    from: try row.textOrNil(2).flatMap { try AppointmentStatus(storedWord: $0).state }, to: $0,
                    at: Instant(millisecondsSinceEpoch: row.int64(1)))
            }
        }
        guard let step = found ?? nil else { throw StorageError.unexpectedValue(column: "status") }
        return step
    }

    /// Every step of an appointment, the oldest first.
    func steps(of stored: StoredAppointment) throws -> [AppointmentStep] {
        try rows(
            "SELECT status, taken_at, taken_by, reason, slot_start FROM appointment_steps WHERE appointment_seq = ? ORDER BY step",
            [.integer(stored.sequence)]
        ) { row in
            AppointmentStep(
                status: try AppointmentStatus(storedWord: row.text(0)), at: row.timestamp(1), by: row.text(2), reason: row.textOrNil(3),
                slotStart: row.timestamp(4))
        }
    }
}

import NotificationRules
import Storage
import Vocabulary

extension Reader {
    /// The oldest announcements that are due at `now` and may be tried at `realTime`.
    func announcements(dueAt now: Instant, _ realTime: Instant, limit: Int) throws -> [StoredAnnouncement] {
        try rows(
            """
            SELECT seq, event_id, event_type, audience, recipient_id, reference, slot_start, previous_slot_start, by_clinic, amount,
                currency, correlation_id, due_at, attempts, appointment_id, doctor_id, department, tells_doctor
            FROM announcements WHERE status = 'WAITING' AND due_at <= ? AND next_attempt_at <= ? ORDER BY due_at, seq LIMIT ?
            """,
            [.integer(now.millisecondsSinceEpoch), .integer(realTime.millisecondsSinceEpoch), SQLValue(limit)],
            { StoredAnnouncement($0) }
        ).compactMap { $0 }
    }
}

extension Transaction {
    /// Leaves one that is there as it is.
    func insert(_ announcement: Announcement) throws {
        let occurrence = announcement.occurrence
        try enqueue(
            """
            INSERT INTO announcements (event_id, event_type, audience, recipient_id, reference, slot_start, previous_slot_start,
                by_clinic, amount, currency, correlation_id, appointment_id, doctor_id, department, due_at, tells_doctor,
                status, attempts, next_attempt_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAITING', 0, 0) ON CONFLICT (event_id, recipient_id) DO NOTHING
            """,
            [
                .text(announcement.eventID), .text(occurrence.event.rawValue), .text(announcement.audience.rawValue),
                .text(announcement.recipientID), .text(occurrence.reference), SQLValue(occurrence.slotStart?.millisecondsSinceEpoch),
                SQLValue(occurrence.previousSlotStart?.millisecondsSinceEpoch), SQLValue(occurrence.isByClinic),
                SQLValue(occurrence.amount?.minorUnits), SQLValue(occurrence.amount?.currency), .text(announcement.correlationID),
                SQLValue(announcement.visit.appointmentID), SQLValue(announcement.visit.doctorID), SQLValue(announcement.visit.department),
                .integer(announcement.dueAt.millisecondsSinceEpoch), SQLValue(announcement.tellsDoctorToo),
            ])
    }

    /// False where it has ended before.
    func end(_ stored: StoredAnnouncement, as end: AnnouncementEnd) throws -> Bool {
        try execute(
            "UPDATE announcements SET status = ? WHERE seq = ? AND status = 'WAITING'", [.text(end.rawValue), .integer(stored.sequence)])
            == 1
    }

    /// False where it has ended before.
    ///
    /// - Parameter tellsDoctor: whether the doctor of the visit is still to be told as well.
    func postpone(_ stored: StoredAnnouncement, until realTime: Instant, tellsDoctor: Bool) throws -> Bool {
        try execute(
            """
            UPDATE announcements SET attempts = attempts + 1, next_attempt_at = ?, tells_doctor = ?
            WHERE seq = ? AND status = 'WAITING' AND tells_doctor = ?
            """,
            [
                .integer(realTime.millisecondsSinceEpoch), SQLValue(tellsDoctor), .integer(stored.sequence),
                SQLValue(stored.announcement.tellsDoctorToo),
            ]) == 1
    }

    /// Deletes the oldest announcements that have ended; returns how many. The limit stands in the text, so that PostgreSQL knows how
    /// few they are.
    func deleteAnnouncements(dueBefore instant: Instant, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM announcements WHERE seq IN
                (SELECT seq FROM announcements WHERE status <> 'WAITING' AND due_at < ? ORDER BY due_at LIMIT \(limit))
            """, [.integer(instant.millisecondsSinceEpoch)])
    }
}

extension StoredAnnouncement {
    /// Nil for an event or an audience that this program does not know: that of a newer one.
    fileprivate init?(_ row: borrowing Row) {
        guard let event = NotificationEvent(rawValue: row.text(2)), let audience = Audience(rawValue: row.text(3)) else { return nil }
        sequence = row.int64(0)
        attempts = row.int(13)
        let occurrence = Occurrence(
            event, reference: row.text(5), slotStart: row.int64OrNil(6).map(Instant.init(millisecondsSinceEpoch:)),
            previousSlotStart: row.int64OrNil(7).map(Instant.init(millisecondsSinceEpoch:)), isByClinic: row.bool(8),
            amount: row.int64OrNil(9).map { Money(minorUnits: $0, currency: row.textOrNil(10) ?? "") })
        // An announcement of before says no more of an appointment than its id.
        let appointmentID = row.textOrNil(14) ?? (row.text(2).hasPrefix("appointment.") ? row.text(5) : nil)
        announcement = Announcement(
            eventID: row.text(1), audience: audience, recipientID: row.text(4), tellsDoctorToo: row.bool(17), occurrence: occurrence,
            visit: Visit(appointmentID: appointmentID, doctorID: row.textOrNil(15), department: row.textOrNil(16)),
            correlationID: row.text(11),
            dueAt: Instant(millisecondsSinceEpoch: row.int64(12)))
    }
}

import NotificationRules
import Vocabulary

/// That somebody is to be told of one event, from a certain time on: one person, or a patient and the doctor of his visit.
struct Announcement: Hashable, Sendable {
    /// Of the event, or made for a reminder: the same for all that tell of the same.
    let eventID: String
    let audience: Audience
    let recipientID: String
    /// Whether the doctor of the visit is told as well.
    var tellsDoctorToo = false
    let occurrence: Occurrence
    /// The visit that it is about, as far as the event says.
    let visit: Visit
    let correlationID: String
    /// By the hospital's clock.
    let dueAt: Instant
}

/// What a text has to know of a visit to name the doctor and the department.
struct Visit: Hashable, Sendable {
    /// Nil where it is about no visit, or that is not said.
    let appointmentID: String?
    /// Nil where only the appointment knows.
    let doctorID: String?
    /// Nil where only the appointment knows.
    let department: String?

    init(appointmentID: String? = nil, doctorID: String? = nil, department: String? = nil) {
        self.appointmentID = Self.known(appointmentID)
        self.doctorID = Self.known(doctorID)
        self.department = Self.known(department)
    }

    private static func known(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Announcement {
    /// Which reminder it is; nil where it is none.
    var reminder: Reminder? {
        guard occurrence.event == .appointmentReminder, let start = occurrence.slotStart else { return nil }
        return Reminder.allCases.first { $0.dueAt(forSlotAt: start) == dueAt }
    }
}

/// Somebody who is to be told.
struct Recipient: Hashable, Sendable {
    let audience: Audience
    let id: String
}

extension Announcement {
    var recipients: [Recipient] {
        let first = Recipient(audience: audience, id: recipientID)
        guard tellsDoctorToo, let doctorID = visit.doctorID else { return [first] }
        return [first, Recipient(audience: .doctor, id: doctorID)]
    }

    /// A reminder's event is the appointment at its time: an appointment that is moved away and back is reminded of once.
    init(
        _ reminder: Reminder, ofAppointment appointmentID: String, at start: Instant, _ visit: Visit, to patientID: String,
        correlationID: String
    ) {
        self.init(
            eventID: "\(appointmentID)/\(start)/\(reminder.rawValue)", audience: .patient, recipientID: patientID,
            occurrence: Occurrence(.appointmentReminder, reference: appointmentID, slotStart: start), visit: visit,
            correlationID: correlationID, dueAt: reminder.dueAt(forSlotAt: start))
    }

    /// The reminder that follows this one: it is planned when this one is settled, and not before. Nil after the last, and
    /// where this is none.
    var nextReminder: Announcement? {
        guard let next = reminder?.next, let start = occurrence.slotStart else { return nil }
        return Announcement(
            next, ofAppointment: occurrence.reference, at: start, visit, to: recipientID, correlationID: correlationID)
    }
}

/// An announcement as the table holds it.
struct StoredAnnouncement: Sendable {
    let sequence: Int64
    let announcement: Announcement
    /// How often a service did not answer that had to be asked.
    let attempts: Int
}

/// What became of an announcement.
enum AnnouncementEnd: String, Sendable {
    /// Its notifications exist, one for each channel that the person has.
    case done = "DONE"
    /// It was no longer right when it was due, or there is no such person.
    case dropped = "DROPPED"
}

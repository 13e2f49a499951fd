public import Vocabulary

/// The two times at which a patient is reminded of an appointment.
public enum Reminder: String, CaseIterable, Hashable, Sendable {
    case dayBefore = "24h"
    case twoHoursBefore = "2h"

    public var leadTime: Duration {
        switch self {
        case .dayBefore: .seconds(24 * 3_600)
        case .twoHoursBefore: .seconds(2 * 3_600)
        }
    }

    /// The one that follows; nil after the last.
    public var next: Reminder? {
        switch self {
        case .dayBefore: .twoHoursBefore
        case .twoHoursBefore: nil
        }
    }

    public func dueAt(forSlotAt start: Instant) -> Instant {
        start - leadTime
    }
}

/// The first reminder of an appointment that was booked, or moved to this slot, at `now`, whose time had not passed then; nil
/// where there is none.
public func firstReminder(ofSlotAt start: Instant, bookedAt now: Instant) -> Reminder? {
    Reminder.allCases.first { $0.dueAt(forSlotAt: start) >= now }
}

/// Of the reminders of one slot that are due together, as where nothing could be sent for a while, only the last is sent.
public func isOvertaken(_ reminder: Reminder, forSlotAt start: Instant, at now: Instant) -> Bool {
    Reminder.allCases.contains { $0.leadTime < reminder.leadTime && $0.dueAt(forSlotAt: start) <= now }
}

/// Notification rule 3: whether a reminder that is due is still right. Until the slot begins it is, however late it comes.
///
/// - Parameters:
///   - start: the slot that the reminder is about.
///   - scheduledStart: where the appointment is now; nil where it is no longer SCHEDULED, so that nobody needs reminding.
public func isReminderRight(forSlotAt start: Instant, whereAppointmentStartsAt scheduledStart: Instant?, at now: Instant) -> Bool {
    scheduledStart == start && now < start
}

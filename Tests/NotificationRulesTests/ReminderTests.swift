import NotificationRules
import Testing
import Vocabulary

struct ReminderTests {
    static let start = Instant(millisecondsSinceEpoch: 1_772_510_400_000)
    static let hour = Duration.seconds(3_600)
    static let millisecond = Duration.milliseconds(1)

    @Test func `reminders are due 24 and 2 hours before the slot`() {
        #expect(Reminder.dayBefore.dueAt(forSlotAt: Self.start) == Self.start - Self.hour * 24)
        #expect(Reminder.twoHoursBefore.dueAt(forSlotAt: Self.start) == Self.start - Self.hour * 2)
    }

    @Test(
        arguments: [
            (hour * 24 + millisecond, .dayBefore), (hour * 24, .dayBefore), (hour * 24 - millisecond, .twoHoursBefore),
            (hour * 2 + millisecond, .twoHoursBefore), (hour * 2, .twoHoursBefore), (hour * 2 - millisecond, nil),
        ] as [(Duration, Reminder?)])
    func `a reminder whose time had passed at the booking is not made`(leadTime: Duration, expected: Reminder?) {
        #expect(firstReminder(ofSlotAt: Self.start, bookedAt: Self.start - leadTime) == expected)
    }

    @Test func `the reminder of the day before is followed by that of two hours before, and that by none`() {
        #expect(Reminder.dayBefore.next == .twoHoursBefore && Reminder.twoHoursBefore.next == nil)
    }

    @Test(
        arguments: [
            (.dayBefore, hour * 24, false), (.dayBefore, hour * 2 + millisecond, false), (.dayBefore, hour * 2, true),
            (.dayBefore, hour * 2 - millisecond, true), (.twoHoursBefore, hour * 2, false), (.twoHoursBefore, millisecond, false),
        ] as [(Reminder, Duration, Bool)])
    func `of reminders that are due together the last one counts`(reminder: Reminder, leadTime: Duration, isOvertaken: Bool) {
        #expect(NotificationRules.isOvertaken(reminder, forSlotAt: Self.start, at: Self.start - leadTime) == isOvertaken)
    }

    @Test(arguments: [(hour, true), (millisecond, true), (.zero, false), (.zero - millisecond, false)])
    func `a late reminder is right until the slot begins`(leadTime: Duration, isRight: Bool) {
        #expect(isReminderRight(forSlotAt: Self.start, whereAppointmentStartsAt: Self.start, at: Self.start - leadTime) == isRight)
    }

    @Test func `a reminder of an appointment that was cancelled or moved is not right`() {
        let now = Self.start - Self.hour
        #expect(!isReminderRight(forSlotAt: Self.start, whereAppointmentStartsAt: nil, at: now))
        #expect(!isReminderRight(forSlotAt: Self.start, whereAppointmentStartsAt: Self.start + .seconds(1_800), at: now))
        #expect(!isReminderRight(forSlotAt: Self.start, whereAppointmentStartsAt: Self.start + Self.millisecond, at: now))
    }
}

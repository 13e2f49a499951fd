import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// Notification rules 1 and 3: the patient is reminded 24 and 2 hours before, of what still holds then.
@Suite(.timeLimit(.minutes(10))) struct ReminderTests {
    static let hour = Duration.seconds(3_600)
    static let slotStart = NotificationServiceUnderTest.slotStart
    static let reminder = ["appointment.reminder pat EMAIL", "appointment.reminder pat SMS"]

    @Test(arguments: [(24, -1, false), (24, 0, true), (24, 1, true)])
    func `a reminder is sent when it is due, not a millisecond before`(hours: Int, milliseconds: Int, isSent: Bool) async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            hospital.clock.now = Self.slotStart - Self.hour * hours + .milliseconds(milliseconds)
            #expect(try await hospital.reminders() == (isSent ? Self.reminder : []))
        }
    }

    @Test func `a booking is announced in two rows: to both, and of the reminders the first`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            #expect(try await hospital.waiting() == ["appointment.booked", "appointment.reminder"])
            try await hospital.announce()
            #expect(try await hospital.waiting() == ["appointment.reminder"])
            hospital.clock.now = Self.slotStart - Self.hour * 24
            #expect(try await hospital.reminders() == Self.reminder)
            #expect(try await hospital.waiting() == ["appointment.reminder"], "that of two hours before")
        }
    }

    @Test(arguments: [(-1, 1), (0, 2), (1, 2)])
    func `the second reminder is due 2 hours before`(milliseconds: Int, count: Int) async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            hospital.clock.now = Self.slotStart - Self.hour * 24
            #expect(try await hospital.reminders() == Self.reminder)
            hospital.clock.now = Self.slotStart - Self.hour * 2 + .milliseconds(milliseconds)
            #expect(try await hospital.reminders().count == Self.reminder.count * count)
        }
    }

    @Test(arguments: [(24, -1, 4), (24, 0, 4), (24, 1, 2), (2, -1, 2), (2, 0, 2), (2, 1, 0)])
    func `a reminder whose time had passed at the booking is not sent`(hours: Int, milliseconds: Int, count: Int) async throws {
        try await withNotifications { hospital in
            hospital.clock.now = Self.slotStart - Self.hour * hours + .milliseconds(milliseconds)
            try await hospital.deliver(hospital.booked())
            hospital.clock.now = max(hospital.clock.now, Self.slotStart - Self.hour * 24)
            _ = try await hospital.reminders()
            hospital.clock.now = max(hospital.clock.now, Self.slotStart - Self.hour * 2)
            #expect(try await hospital.reminders().count == count)
        }
    }

    /// Nothing could be sent from the booking on, as where the service was down.
    @Test(arguments: [(-1, [2, 4]), (0, [2, 2]), (1, [2, 2])] as [(Int, [Int])])
    func `reminders of one appointment that are due together are one`(milliseconds: Int, counts: [Int]) async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            hospital.clock.now = Self.slotStart - Self.hour * 2 + .milliseconds(milliseconds)
            #expect(try await hospital.reminders().count == counts[0])
            hospital.clock.now = Self.slotStart - Self.hour
            #expect(try await hospital.reminders().count == counts[1])
        }
    }

    @Test func `of a moved appointment too only one of the reminders that are due together is sent, for the new time`() async throws {
        try await withNotifications { hospital in
            let newStart = Self.slotStart + .days(1)
            try await hospital.deliver(hospital.booked())
            try await hospital.deliver(hospital.moved(id: "evt_2", to: newStart, from: Self.slotStart))
            hospital.play(.scheduled, at: newStart)
            hospital.clock.now = newStart - Self.hour
            #expect(try await hospital.reminders() == Self.reminder)
            let texts = try await hospital.notifications().filter { $0.eventType == "appointment.reminder" }.map(\.message)
            #expect(texts.allSatisfy { $0.contains("with Nadia Iyer, Oncology, at the clinic") })
        }
    }

    @Test(arguments: [AppointmentStatus.cancelled, .noShow, .completed, .checkedIn])
    func `nobody is reminded of an appointment that is no longer scheduled`(status: AppointmentStatus) async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            hospital.play(status)
            hospital.clock.now = Self.slotStart - Self.hour
            #expect(try await hospital.reminders() == [])
        }
    }

    @Test func `of a moved appointment its new time is reminded of`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            let newStart = Self.slotStart + .days(1)
            try await hospital.deliver(hospital.moved(id: "evt_2", to: newStart, from: Self.slotStart))
            hospital.play(.scheduled, at: newStart)
            hospital.clock.now = Self.slotStart - Self.hour
            #expect(try await hospital.reminders() == [])
            hospital.clock.now = newStart - Self.hour * 24
            #expect(try await hospital.reminders() == Self.reminder)
        }
    }

    @Test func `an appointment that is moved away and back is reminded of once`() async throws {
        try await withNotifications { hospital in
            let other = Self.slotStart + .days(1)
            try await hospital.deliver(hospital.booked())
            try await hospital.deliver(hospital.moved(id: "evt_2", to: other, from: Self.slotStart))
            try await hospital.deliver(hospital.moved(id: "evt_3", to: Self.slotStart, from: other))
            hospital.clock.now = Self.slotStart - Self.hour * 24
            #expect(try await hospital.reminders() == Self.reminder)
            hospital.clock.now = other - Self.hour
            #expect(try await hospital.reminders().count == 2)
        }
    }

    @Test func `an appointment that is gone is not reminded of`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            hospital.peers.play { $0.appointments = [:] }
            hospital.clock.now = Self.slotStart - Self.hour
            #expect(try await hospital.reminders() == [])
        }
    }

    @Test func `while the appointment service does not answer a reminder waits, until the slot begins`() async throws {
        try await withNotifications { hospital in
            try await hospital.deliver(hospital.booked())
            hospital.peers.play { $0.failures["appointment"] = .unavailable("down") }
            hospital.clock.now = Self.slotStart - Self.hour * 24
            #expect(try await hospital.reminders() == [])
            hospital.peers.play { $0.failures = [:] }
            hospital.realClock.advance(by: .seconds(60))
            #expect(try await hospital.reminders() == Self.reminder)
            hospital.clock.now = Self.slotStart
            #expect(try await hospital.reminders() == Self.reminder, "the second one came too late to be of use")
        }
    }
}

extension NotificationServiceUnderTest {
    /// Announces what is due, and answers the reminders so far.
    fileprivate func reminders() async throws -> [String] {
        try await announce()
        return try await told().filter { $0.hasPrefix("appointment.reminder") }
    }

    /// What people are still to be told of.
    fileprivate func waiting() async throws -> [String] {
        try await service.resources.database.read { reader in
            try reader.rows("SELECT event_type FROM announcements WHERE status = 'WAITING' ORDER BY event_type") { $0.text(0) }
        }
    }
}

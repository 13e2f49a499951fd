import HospitalClient
import PlainText
import Testing
import Vocabulary

extension Stories {
    @Suite struct MovedReminder {
        @Test func `a patient is reminded of the slot to which he was moved, and of no other`() async throws {
            let clinic = try Clinic.ofThisStory
            let today = try clinic.nextDay()
            let day = today.adding(days: 2)
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("10:00"))
            let moved = try await clinic.reception.post("/v1/appointments/\(visit)/reschedule", ["slot_start": .string(day.text("16:00"))])
            #expect(moved.status == 200)
            try await clinic.expectNews("appointment.rescheduled", to: patient)

            try clinic.moveClock(to: try day.at("10:00") - .days(1))
            // Whoever was booked after is reminded first: then the old slot's reminder was due as well, and was dropped.
            try await Self.awaitAnotherReminder(clinic, on: day)
            #expect(try await clinic.news("appointment.reminder", to: patient).isEmpty)
            try clinic.moveClock(to: try day.at("16:00") - .days(1))
            try await clinic.expectNews("appointment.reminder", to: patient)
            try clinic.moveClock(to: try day.at("14:00"))
            try await clinic.expectNews("appointment.reminder", to: patient, by: ["EMAIL", "SMS"], times: 2)
        }

        @Test func `nobody is reminded of a visit that was cancelled`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay().adding(days: 2)
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("10:00"))
            _ = try await clinic.cancel(visit).body(200)
            try await clinic.expectNews("appointment.cancelled", to: patient)
            try clinic.moveClock(to: try day.at("10:00") - .days(1))
            try await Self.awaitAnotherReminder(clinic, on: day)
            #expect(try await clinic.news("appointment.reminder", to: patient).isEmpty)
        }

        /// Books somebody whose reminder is due after those that are due now, and waits until he has it.
        private static func awaitAnotherReminder(_ clinic: Clinic, on day: StoryDay) async throws {
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            _ = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try clinic.moveClock(to: try day.at("11:00") - .days(1))
            try await clinic.expectNews("appointment.reminder", to: patient)
        }
    }
}

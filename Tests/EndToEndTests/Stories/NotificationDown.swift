import Testing
import Vocabulary

extension Stories {
    @Suite struct NotificationDown {
        @Test func `while nobody can be told anything bookings go on, and an hour later everybody is told`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            clinic.freeze("notification")
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try clinic.moveClock(by: .seconds(3_600))
            _ = try await clinic.cancel(visit, by: "CLINIC").body(200)
            clinic.thaw("notification")
            try await clinic.expectNews("appointment.booked", to: patient)
            try await clinic.expectNews("appointment.cancelled", to: patient)
        }
    }
}

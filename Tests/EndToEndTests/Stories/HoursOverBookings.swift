import HospitalClient
import PlainText
import Testing

extension Stories {
    /// A doctor works mornings from now on, and somebody is booked in the afternoon.
    @Suite struct HoursOverBookings {
        @Test func `new hours over bookings are refused and name them, keep them, or cancel them`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let morning = try await clinic.book(patient, with: doctor, at: try day.text("12:30"))
            let afternoon = try await clinic.book(patient, with: doctor, at: try day.text("13:00"))
            let path = "/v1/doctors/\(doctor.id)/schedule"
            let refused = try await doctor.caller.put(path, Self.mornings())
            refused.expect(409, "SCHEDULE_CONFLICT")
            let detail = try #require(refused.body)[text: "detail"]
            #expect(detail.contains(afternoon) && !detail.contains(morning))

            _ = try await doctor.caller.put(path, Self.mornings("KEEP")).body(200)
            #expect(try await clinic.appointment(afternoon)[text: "status"] == "SCHEDULED")
            try await clinic.tryToBook(patient, with: doctor, at: day.text("14:00")).expect(409, "DOCTOR_UNAVAILABLE")

            _ = try await doctor.caller.put(path, Self.mornings("CANCEL")).body(200)
            let cancelled = try await clinic.appointment(afternoon)
            #expect(cancelled[text: "status"] == "CANCELLED" && cancelled[text: "cancelled_by"] == "CLINIC")
            #expect(cancelled[number: "fee_percent"] == 0)
            #expect(try await clinic.appointment(morning)[text: "status"] == "SCHEDULED")
            try await clinic.expectNews("appointment.cancelled", to: patient)
        }

        /// From 09:00 to 13:00 on every day.
        private static func mornings(_ appointments: String? = nil) -> JSONValue {
            let days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
            let hours = days.map { day -> JSONValue in ["weekday": .string(day), "start": "09:00", "end": "13:00"] }
            var members = [JSONMember("working_hours", .array(hours))]
            if let appointments { members.append(JSONMember("appointments", .string(appointments))) }
            return .object(members)
        }
    }
}

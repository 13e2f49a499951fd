import PlainText
import Testing

extension Stories {
    @Suite struct LeaveOverBookings {
        @Test func `a leave over bookings is refused, unless it cancels them, and then nothing is booked in it`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let inside = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            let after = try await clinic.book(patient, with: doctor, at: try day.text("14:00"))
            let path = "/v1/doctors/\(doctor.id)/leaves"
            try await doctor.caller.post(path, try Self.leave(day, cancels: false)).expect(409, "LEAVE_CONFLICT")
            _ = try await doctor.caller.post(path, try Self.leave(day, cancels: true)).body(201)

            #expect(try await clinic.appointment(inside)[text: "status"] == "CANCELLED")
            #expect(try await clinic.appointment(after)[text: "status"] == "SCHEDULED")
            try await clinic.tryToBook(patient, with: doctor, at: day.text("11:00")).expect(409, "DOCTOR_UNAVAILABLE")
            let free = try await clinic.freeSlots(of: doctor, on: day)
            #expect(try free.first == day.text("13:00"))
        }

        /// From 09:00 to 13:00.
        private static func leave(_ day: StoryDay, cancels: Bool) throws -> JSONValue {
            [
                "start": .string(try day.text("09:00")), "end": .string(try day.text("13:00")), "reason": "a congress",
                "cancel_appointments": .bool(cancels),
            ]
        }
    }
}

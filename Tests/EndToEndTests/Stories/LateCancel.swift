import Testing
import Vocabulary

extension Stories {
    @Suite struct LateCancel {
        @Test func `who cancels two hours before his slot pays half of the fee, and the slot is free again`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try clinic.moveClock(to: try day.at("09:00"))
            let cancelled = try await clinic.cancel(visit).body(200)
            #expect(cancelled[text: "status"] == "CANCELLED" && cancelled[number: "fee_percent"] == 50)
            let fee = try await clinic.bill("CANCELLATION_FEE", of: visit)
            #expect([fee[number: "subtotal"], fee[number: "tax"], fee[number: "amount"]] == [40_000, 2_000, 42_000])
            #expect(try await clinic.bills(of: visit).count == 1)
            #expect(try await clinic.freeSlots(of: doctor, on: day).contains(day.text("11:00")))
            try await clinic.expectNews("appointment.cancelled", to: patient)
            try await clinic.expectNews("appointment.cancelled", to: doctor.id, by: ["EMAIL"])
        }

        @Test func `a millisecond earlier it costs nothing`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let visit = try await clinic.book(try await clinic.patient(), with: try await clinic.doctor(), at: try day.text("11:00"))
            try clinic.moveClock(to: try day.at("09:00") - .milliseconds(1))
            #expect(try await clinic.cancel(visit).body(200)[number: "fee_percent"] == 0)
        }

        @Test func `when the clinic cancels it costs nothing, however late, and after the start nobody cancels`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            let late = try await clinic.book(patient, with: doctor, at: try day.text("11:30"))
            try clinic.moveClock(to: try day.at("10:59"))
            #expect(try await clinic.cancel(visit, by: "CLINIC").body(200)[number: "fee_percent"] == 0)
            try clinic.moveClock(to: try day.at("11:30"))
            try await clinic.cancel(late).expect(409, "APPOINTMENT_STARTED")
        }
    }
}

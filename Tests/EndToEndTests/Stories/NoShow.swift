import Testing
import Vocabulary

extension Stories {
    @Suite struct NoShow {
        @Test func `who has not come a quarter of an hour after the start pays the whole fee`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try clinic.moveClock(to: try day.at("11:15") - .milliseconds(1))
            try await clinic.reception.post("/v1/appointments/\(visit)/no-show").expect(409, "NO_SHOW_TOO_EARLY")
            try clinic.moveClock(to: try day.at("11:15"))
            let marked = try await clinic.reception.post("/v1/appointments/\(visit)/no-show").body(200)
            #expect(marked[text: "status"] == "NO_SHOW" && marked[number: "fee_percent"] == 100)
            #expect(try await clinic.bill("NO_SHOW_FEE", of: visit)[number: "amount"] == 84_000)
            try await clinic.complete(visit, by: doctor).expect(409, "INVALID_STATE")
            try await clinic.expectNews("appointment.no_show", to: patient)
        }
    }
}

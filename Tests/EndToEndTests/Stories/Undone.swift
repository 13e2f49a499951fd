import PlainText
import Testing

extension Stories {
    /// The desk has clicked the wrong name, and takes it back. A visit at 11:00.
    @Suite struct Undone {
        @Test func `a check-in of the wrong patient is taken back, and stays in the history`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let visit = try await clinic.book(try await clinic.patient(), with: try await clinic.doctor(), at: try day.text("11:00"))
            let undo = "/v1/appointments/\(visit)/undo"
            try clinic.moveClock(to: try day.at("10:30"))
            _ = try await clinic.reception.post("/v1/appointments/\(visit)/check-in").body(200)
            try await clinic.reception.post(undo, [:]).expect(400, "INVALID_ARGUMENT")
            try await clinic.billing.post(undo, ["reason": "a mistake"]).expect(403, "PERMISSION_DENIED")
            let undone = try await clinic.undo(visit).body(200)
            #expect(undone[text: "status"] == "SCHEDULED" && undone[number: "version"] == 3)
            try await clinic.undo(visit).expect(409, "INVALID_STATE")
            let history = try await clinic.reception.get("/v1/appointments/\(visit)/history").body(200)
            let steps = history["steps"]?.elements ?? []
            #expect(steps.map { $0[text: "status"] } == ["SCHEDULED", "CHECKED_IN", "SCHEDULED"])
            #expect(steps.last?[text: "reason"] == "it was another patient")
            _ = try await clinic.reception.post("/v1/appointments/\(visit)/check-in").body(200)
            try clinic.moveClock(to: try day.adding(days: 1).at("00:00"))
            try await clinic.undo(visit).expect(409, "UNDO_TOO_LATE")
        }

        @Test func `a no-show that was none owes nothing, and is billed for the visit`() async throws {
            let clinic = try Clinic.ofThisStory
            let missed = try await Self.miss(clinic)
            _ = try await clinic.undo(missed.visit).body(200)
            _ = try await clinic.bill("NO_SHOW_FEE", of: missed.visit, "VOID")
            try await clinic.expectNews("bill.voided", to: missed.patient)
            _ = try await clinic.complete(missed.visit, by: missed.doctor).body(200)
            #expect(try await clinic.bill("CONSULTATION", of: missed.visit)[number: "amount"] == 84_000)
        }

        @Test func `a fee that was paid is given back, and a second no-show costs it again`() async throws {
            let clinic = try Clinic.ofThisStory
            let missed = try await Self.miss(clinic)
            let paid = try await clinic.pay(try await clinic.bill("NO_SHOW_FEE", of: missed.visit)).body(201)
            #expect(paid[text: "status"] == "CAPTURED")
            _ = try await clinic.undo(missed.visit).body(200)
            #expect(try await clinic.bill("NO_SHOW_FEE", of: missed.visit, "REFUNDED")[number: "amount_refunded"] == 84_000)
            try await eventually("the payment is given back") {
                try await clinic.payment(paid[text: "payment_id"])[number: "amount_refunded"] == 84_000
            }
            try await clinic.expectNews("payment.refunded", to: missed.patient)
            _ = try await clinic.reception.post("/v1/appointments/\(missed.visit)/no-show").body(200)
            #expect(try await clinic.bill("NO_SHOW_FEE", of: missed.visit)[number: "amount"] == 84_000)
        }

        @Test func `what was taken back while billing was down is made good when it is up again`() async throws {
            let clinic = try Clinic.ofThisStory
            let missed = try await Self.miss(clinic)
            clinic.kill("billing")
            _ = try await clinic.undo(missed.visit).body(200)
            _ = try await clinic.bill("NO_SHOW_FEE", of: missed.visit, "VOID")
        }

        private struct Missed {
            let visit: String
            let patient: String
            let doctor: StoryDoctor
        }

        /// A visit that the patient seems to have missed, with its fee bill.
        private static func miss(_ clinic: Clinic) async throws -> Missed {
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try clinic.moveClock(to: try day.at("11:15"))
            _ = try await clinic.reception.post("/v1/appointments/\(visit)/no-show").body(200)
            _ = try await clinic.bill("NO_SHOW_FEE", of: visit)
            return Missed(visit: visit, patient: patient, doctor: doctor)
        }
    }
}

import HospitalClient
import PlainText
import Testing

extension Stories {
    @Suite struct HappyVisit {
        @Test func `a patient is booked, moved, seen, billed, prescribed for, pays, and is told of everything`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            #expect(try await clinic.freeSlots(of: doctor, on: day).first == day.text("10:00"))

            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            #expect(try await !clinic.freeSlots(of: doctor, on: day).contains(day.text("11:00")))
            let moved = try await clinic.reception.post("/v1/appointments/\(visit)/reschedule", ["slot_start": .string(day.text("11:30"))])
            #expect(try moved.body(200)[number: "reschedule_count"] == 1)

            try clinic.moveClock(to: try day.at("11:20"))
            #expect(try await clinic.reception.post("/v1/appointments/\(visit)/check-in").body(200)[text: "status"] == "CHECKED_IN")
            try clinic.moveClock(to: try day.at("11:45"))
            #expect(try await clinic.complete(visit, by: doctor).body(200)[text: "status"] == "COMPLETED")
            try await Self.prescribe(clinic, visit, doctor)
            try await Self.pay(clinic, visit)
            try await Self.expectHistory(clinic, visit)
            for event in [
                "appointment.booked", "appointment.rescheduled", "appointment.completed", "bill.created", "payment.captured",
                "prescription.issued",
            ] {
                try await clinic.expectNews(event, to: patient)
            }
            for event in ["appointment.booked", "appointment.rescheduled"] {
                try await clinic.expectNews(event, to: doctor.id, by: ["EMAIL"])
            }
        }

        private static func prescribe(_ clinic: Clinic, _ visit: String, _ doctor: StoryDoctor) async throws {
            let body: JSONValue = ["appointment_id": .string(visit), "medication": "Loratadine 5 MG", "dosage": "one a day", "days": 10]
            let issued = try await doctor.caller.post("/v1/prescriptions", body).body(201)
            #expect(issued[text: "status"] == "ACTIVE" && issued[text: "doctor_id"] == doctor.id)
        }

        private static func pay(_ clinic: Clinic, _ visit: String) async throws {
            let bill = try await clinic.bill("CONSULTATION", of: visit)
            #expect([bill[number: "subtotal"], bill[number: "tax"], bill[number: "amount"]] == [80_000, 4_000, 84_000])
            let paid = try await clinic.pay(bill, key: "visit-\(visit)")
            #expect(try paid.body(201)[text: "status"] == "CAPTURED")
            let again = try await clinic.pay(bill, key: "visit-\(visit)")
            #expect(again.isReplay && again.body == paid.body)
            #expect(try await clinic.bill(bill[text: "bill_id"])[text: "status"] == "PAID")
        }

        private static func expectHistory(_ clinic: Clinic, _ visit: String) async throws {
            let steps = try await clinic.reception.get("/v1/appointments/\(visit)/history").body(200)["steps"]?.elements ?? []
            #expect(steps.map { $0[text: "status"] } == ["SCHEDULED", "SCHEDULED", "CHECKED_IN", "COMPLETED"])
        }
    }
}

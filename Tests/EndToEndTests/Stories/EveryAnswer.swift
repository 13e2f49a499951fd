import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import Testing

extension Stories {
    /// Whatever a story is answered is held to the API's description; this one asks for everything there is.
    @Suite struct EveryAnswer {
        @Test func `every operation goes well once, and answers as it is described`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            try await Self.lookAround(clinic)
            try await Self.keepDoctors(clinic, doctor.id)
            try await Self.keepPatients(clinic, patient)
            let visit = try await Self.visit(clinic, patient, doctor, day)
            try await Self.moneyOf(clinic, visit)
            try await Self.prescriptionsOf(clinic, visit, doctor)
            try await Self.news(clinic, patient)
            try await Self.arrivals(clinic)
            try await Self.history(clinic, patient, doctor, day)
            try await Self.reports(clinic, day)
            _ = try await clinic.admin.delete("/v1/doctors/\(doctor.id)").body(204)
            _ = try await clinic.reception.delete("/v1/patients/\(try await clinic.patient())").body(204)
            try Self.expectAll()
        }

        /// Everything went well, but what is there for what has failed: nothing has here, though in a story beside this one it may have.
        private static func expectAll() throws {
            let seen = DescribedAnswers.all.names
            let missing = try APIDocument.current.get().operations.filter { operation in
                !["200", "201", "204", "302"].contains { seen.contains("\(operation) \($0)") }
            }
            #expect(Set(missing.map(\.id)).subtracting(["retryNotification", "replayWebhookDelivery"]) == [])
        }

        // MARK: The server and its people

        private static func lookAround(_ clinic: Clinic) async throws {
            #expect(try await clinic.reception.get("/").header("location") == "/docs")
            for path in ["/livez", "/readyz", "/openapi.json", "/docs"] { _ = try await clinic.reception.get(path).body(200) }
            _ = try await clinic.reception.get("/v1/clinic").body(200)
            _ = try await clinic.admin.get("/v1/audit", [("actor", "some-reception"), ("from", "2026-01-01T00:00:00Z")]).body(200)
        }

        private static func keepDoctors(_ clinic: Clinic, _ id: String) async throws {
            let path = "/v1/doctors/\(id)"
            _ = try await clinic.reception.get("/v1/doctors", [("department", StoryDoctor.department)]).body(200)
            let changed = try await clinic.admin.patch(path, ["consultation_fee": .integer(StoryDoctor.fee)])
            _ = try changed.body(200)
            let tag = try #require(changed.header("etag"))
            _ = try await clinic.reception.get(path).body(200)
            #expect(try await clinic.reception.get(path, headers: [("if-none-match", tag)]).status == 304)
            try await clinic.reception.get(path, headers: [("if-match", "\"99\"")]).expect(412, "VERSION_MISMATCH")
            _ = try await clinic.reception.get(path + "/department").body(200)
            let week = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
            let hours = week.map { ["weekday": .string($0), "start": "09:00", "end": "18:00"] as JSONValue }
            _ = try await clinic.reception.put(path + "/schedule", ["working_hours": .array(hours)]).body(200)
            _ = try await clinic.reception.get(path + "/schedule").body(200)
            let leave: JSONValue = ["start": "2040-01-01T00:00:00Z", "end": "2040-01-02T00:00:00Z", "reason": "Congress"]
            let entered = try await clinic.reception.post(path + "/leaves", leave, key: "leave-\(id)")
            let leaveID = try entered.body(201)[text: "leave_id"]
            #expect(try await clinic.reception.post(path + "/leaves", leave, key: "leave-\(id)").isReplay)
            _ = try await clinic.reception.get(path + "/leaves").body(200)
            #expect(try await clinic.reception.delete(path + "/leaves/\(leaveID)").status == 204)
        }

        private static func keepPatients(_ clinic: Clinic, _ id: String) async throws {
            let path = "/v1/patients/\(id)"
            let read = try await clinic.reception.get(path).body(200)
            _ = try await clinic.reception.get("/v1/patients", [("query", "Patient"), ("page_size", "2")]).body(200)
            try await clinic.reception.patch(path, ["email": .null], headers: [("if-match", "\"99\"")]).expect(412, "VERSION_MISMATCH")
            _ = try await clinic.reception.patch(path, ["allergies": ["Latex"]]).body(200)
            let same: JSONValue = ["name": .string(read[text: "name"]), "dob": .string(read[text: "dob"])]
            try await clinic.reception.post("/v1/patients", same).expect(409, "POSSIBLE_DUPLICATE")
            let forgotten = "/v1/patients/\(try await clinic.patient())/forget"
            _ = try await clinic.admin.post(forgotten, ["reason": "Asked for it in writing"]).body(200)
        }

        // MARK: Visits

        /// One visit is seen, one is called off, one is missed.
        private static func visit(
            _ clinic: Clinic, _ patient: String, _ doctor: StoryDoctor, _ day: StoryDay
        ) async throws -> String {
            _ = try await clinic.freeSlots(of: doctor, on: day)
            let seen = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            let cancelled = try await clinic.book(patient, with: doctor, at: try day.text("15:00"))
            let missed = try await clinic.book(patient, with: doctor, at: try day.text("10:30"))
            _ = try await clinic.reception.get("/v1/appointments", [("patient_id", patient)]).body(200)
            _ = try await clinic.appointment(seen)
            _ = try await clinic.reception.post(
                "/v1/appointments/\(cancelled)/reschedule", ["slot_start": .string(try day.text("16:00"))]
            ).body(200)
            _ = try await clinic.cancel(cancelled).body(200)
            try clinic.moveClock(to: try day.at("10:50"))
            _ = try await clinic.reception.post("/v1/appointments/\(missed)/no-show").body(200)
            _ = try await clinic.undo(missed).body(200)
            _ = try await clinic.reception.post("/v1/appointments/\(seen)/check-in").body(200)
            try clinic.moveClock(to: try day.at("11:10"))
            _ = try await clinic.complete(seen, by: doctor).body(200)
            _ = try await clinic.reception.get("/v1/appointments/\(seen)/history").body(200)
            return seen
        }

        private static func prescriptionsOf(_ clinic: Clinic, _ visit: String, _ doctor: StoryDoctor) async throws {
            let body: JSONValue = ["appointment_id": .string(visit), "medication": "Loratadine 5 MG", "dosage": "one a day", "days": 10]
            let id = try await doctor.caller.post("/v1/prescriptions", body).body(201)[text: "prescription_id"]
            _ = try await doctor.caller.get("/v1/prescriptions/\(id)").body(200)
            _ = try await doctor.caller.get("/v1/prescriptions", [("doctor_id", doctor.id)]).body(200)
            _ = try await doctor.caller.post("/v1/prescriptions/\(id)/cancel", ["reason": "Rash"]).body(200)
        }

        private static func arrivals(_ clinic: Clinic) async throws {
            let patient: JSONValue = ["name": "Old Patient", "dob": "1950-01-01", "source": "every-answer", "source_id": "7"]
            let id = try await clinic.admin.post("/v1/imports/patients", patient).body(200)["patient"]?["patient_id"] ?? .null
            _ = try await clinic.admin.post("/v1/imports/allergies", ["patient_id": id, "allergy": "Latex"]).body(200)
            let doctor: JSONValue = [
                "name": "Old Doctor", "department": "Cardiology", "specialization": "Valves", "source": "every-answer", "source_id": "7",
            ]
            _ = try await clinic.admin.post("/v1/imports/doctors", doctor).body(200)
            let owed: JSONValue = ["patient_id": id, "subtotal": 1000, "status": "OPEN", "billed_at": "2020-03-02T04:30:00Z"]
            let bill = try await clinic.admin.post("/v1/imports/bills", owed).body(200)["bill"]?["bill_id"] ?? .null
            let paid: JSONValue = ["bill_id": bill, "amount": 1050, "method": "CASH", "paid_at": "2020-03-02T05:30:00Z"]
            _ = try await clinic.admin.post("/v1/imports/payments", paid).body(200)
            let other: JSONValue = ["name": "Other", "dob": "1950-01-02", "source": "every-answer", "source_id": "7"]
            try await clinic.admin.post("/v1/imports/patients", other).expect(409, "SOURCE_ID_TAKEN")
        }

        private static func history(_ clinic: Clinic, _ patient: String, _ doctor: StoryDoctor, _ day: StoryDay) async throws {
            let earlier = day.adding(days: -7)
            let appointment: JSONValue = [
                "patient_id": .string(patient), "doctor_id": .string(doctor.id), "slot_start": .string(try earlier.text("10:00")),
                "status": "COMPLETED",
            ]
            let visit = try await clinic.admin.post("/v1/imports/appointments", appointment).body(200)["appointment"] ?? .null
            let prescription: JSONValue = [
                "appointment_id": .string(visit[text: "appointment_id"]), "medication": "Loratadine 5 MG", "dosage": "one a day", "days": 5,
            ]
            _ = try await clinic.admin.post("/v1/imports/prescriptions", prescription).body(200)
        }

        // MARK: Money and news

        private static func moneyOf(_ clinic: Clinic, _ visit: String) async throws {
            let bill = try await clinic.bill("CONSULTATION", of: visit)
            _ = try await clinic.bill(bill[text: "bill_id"])
            let other: JSONValue = ["appointment_id": .string(visit), "kind": "OTHER", "subtotal": 1000, "description": "Dressing"]
            let extra = try await clinic.billing.post("/v1/bills", other).body(201)[text: "bill_id"]
            _ = try await clinic.billing.post("/v1/bills/\(extra)/void", ["reason": "Entered twice"]).body(200)
            try await clinic.billing.post("/v1/payments", ["bill_id": .string(extra), "amount": 1050, "method": "CASH"])
                .expect(400, "IDEMPOTENCY_KEY_REQUIRED")
            let payment = try await clinic.pay(bill).body(201)[text: "payment_id"]
            _ = try await clinic.payment(payment)
            _ = try await clinic.billing.get("/v1/payments", [("bill_id", bill[text: "bill_id"])]).body(200)
            let part: JSONValue = ["amount": 100, "reason": "Overcharged"]
            _ = try await clinic.billing.post("/v1/payments/\(payment)/refunds", part, key: "part-\(payment)").body(201)
            _ = try await clinic.billing.get("/v1/payments/\(payment)/refunds").body(200)
        }

        private static func news(_ clinic: Clinic, _ patient: String) async throws {
            let body: JSONValue = ["recipient_id": .string(patient), "channel": "SMS", "message": "Please call.", "metadata": ["desk": 2]]
            let id = try await clinic.reception.post("/v1/notifications", body).body(201)[text: "notification_id"]
            _ = try await clinic.reception.get("/v1/notifications/\(id)").body(200)
            _ = try await clinic.reception.get("/v1/notifications", [("recipient_id", patient)]).body(200)
            try await clinic.admin.post("/v1/notifications/\(id)/retry").expect(409, "INVALID_STATE")
            let lab: JSONValue = ["url": "https://lab.example/hospital", "event_types": ["appointment.booked"]]
            let webhook = try await clinic.admin.post("/v1/webhooks", lab).body(201)[text: "webhook_id"]
            for path in ["", "/\(webhook)", "/\(webhook)/deliveries"] { _ = try await clinic.admin.get("/v1/webhooks\(path)").body(200) }
            _ = try await clinic.admin.post("/v1/webhooks/\(webhook)/replay").body(200)
            _ = try await clinic.admin.delete("/v1/webhooks/\(webhook)").body(204)
            _ = try await clinic.admin.get("/v1/events", [("event_type", "appointment.booked")]).body(200)
            try await clinic.admin.get("/v1/events", [("after", "evt_none")]).expect(404, "EVENT_NOT_FOUND")
        }

        private static func reports(_ clinic: Clinic, _ day: StoryDay) async throws {
            let days = [("from", "\(day.date)"), ("to", "\(day.date)")]
            for group in ["DEPARTMENT", "DOCTOR", "DAY", "STATUS"] {
                _ = try await clinic.reception.get("/v1/reports/appointments", days + [("group_by", group)]).body(200)
            }
            for group in ["DAY", "KIND", "DEPARTMENT"] {
                _ = try await clinic.billing.get("/v1/reports/revenue", days + [("group_by", group)]).body(200)
            }
        }
    }
}

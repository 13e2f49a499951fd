import HospitalClient
import Testing

extension Stories {
    /// The billing service is away while a visit ends.
    @Suite struct BillingDown {
        @Test func `a visit is completed while billing stands still, and the bill comes when it goes on`() async throws {
            let clinic = try Clinic.ofThisStory
            let visit = try await Self.seen(clinic) { clinic.freeze("billing") }
            clinic.thaw("billing")
            _ = try await clinic.bill("CONSULTATION", of: visit)
            #expect(try await clinic.bills(of: visit).count == 1)
        }

        @Test func `a visit is completed while billing is killed, and the bill is made once`() async throws {
            let clinic = try Clinic.ofThisStory
            let visit = try await Self.seen(clinic) { clinic.kill("billing") }
            clinic.kill("billing")
            try await eventually("billing answers again") {
                try await clinic.billing.get("/v1/bills", [("appointment_id", visit)]).status == 200
            }
            _ = try await clinic.bill("CONSULTATION", of: visit)
            #expect(try await clinic.bills(of: visit).count == 1)
        }

        /// A visit that is completed after `disaster`.
        private static func seen(_ clinic: Clinic, despite disaster: () -> Void) async throws -> String {
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try clinic.moveClock(to: try day.at("11:00"))
            disaster()
            #expect(try await clinic.complete(visit, by: doctor).body(200)[text: "status"] == "COMPLETED")
            return visit
        }
    }
}

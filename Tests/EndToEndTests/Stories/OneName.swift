import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import Testing

extension Stories {
    @Suite struct OneName {
        @Test func `all that follows from one request is known under its correlation id, up to the last message and log line`() async throws
        {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try clinic.moveClock(to: try day.at("11:00"))
            let name = "story-\(visit)"
            let completed = try await doctor.caller.post("/v1/appointments/\(visit)/complete", correlationID: name)
            #expect(try completed.body(200)[text: "status"] == "COMPLETED")
            #expect(completed.header("x-correlation-id") == name)
            for event in ["appointment.completed", "bill.created"] {
                try await clinic.expectNews(event, to: patient)
                #expect(try await clinic.news(event, to: patient).allSatisfy { $0["metadata"]?[text: "correlation_id"] == name })
            }
            let services: Set = ["rest", "appointment", "billing", "notification"]
            try await eventually("\(services.sorted()) log it") {
                let lines = clinic.hospital.log.compactMap { try? JSONValue(parsing: $0) }
                return services.isSubset(of: lines.filter { $0[text: "correlation_id"] == name }.map { $0[text: "service"] })
            }
        }
    }
}

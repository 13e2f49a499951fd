import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import Supervision
import Testing

/// `hms export-patient`: what a patient is given who asks what is kept of him.
@Suite(.timeLimit(.minutes(10))) struct ExportPatientTests {
    @Test func `a patient gets all that is kept of him, and nothing of anybody else`() async throws {
        let folder = try TemporaryFolder()
        try await Clinic.open { clinic in
            let day = try clinic.nextDay().adding(days: 1)
            let doctor = try await clinic.doctor()
            let (patient, other) = (try await clinic.patient(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("10:00"))
            _ = try await clinic.book(other, with: doctor, at: try day.text("10:30"))
            let bill = try await clinic.billInAdvance(visit)
            #expect(try await clinic.pay(bill).status == 201)
            try await clinic.expectNews("appointment.booked", to: patient)
            _ = try await clinic.cancel(visit)
            try await eventually("his money is given back") {
                try await clinic.bill(bill[text: "bill_id"])[text: "status"] == "REFUNDED"
            }

            let out = folder.path + "/patient.json"
            let run = try await CommandRun(
                Clinic.executable, ["export-patient", patient, "--out", out, "--data", clinic.hospital.data.path])
            #expect(run.status == 0, "\(run.output)")
            let text = try String(contentsOfFile: out, encoding: .utf8)
            let kept = try JSONValue(parsing: text)
            #expect(kept["patient"]?["patient_id"]?.text == patient)
            let visits = kept["appointments"]?.elements ?? []
            #expect(visits.map { $0["appointment_id"]?.text } == [visit])
            #expect(visits.first?["history"] != nil)
            #expect(kept["bills"]?.elements.count == 1)
            #expect(kept["payments"]?.elements.first?["refunds"]?.elements.count == 1)
            #expect((kept["notifications"]?.elements.count ?? 0) >= 2)
            #expect(!text.contains(other))
            #expect(try FileManager.default.attributesOfItem(atPath: out)[.posixPermissions] as? Int == 0o600)

            let nobody = try await CommandRun(
                Clinic.executable, ["export-patient", "pat_nobody", "--data", clinic.hospital.data.path])
            #expect(nobody.status != 0 && nobody.output.isEmpty)
        }
    }
}

import Foundation
import HMSTestKit
import PlainText
import ProcessDriving
import Supervision
import Testing

/// `hms forget`, and what a backup of before brings back.
@Suite(.timeLimit(.minutes(10))) struct ForgetCommandTests {
    @Test func `who was forgotten after a backup is forgotten again when it is restored`() async throws {
        let folder = try TemporaryFolder()
        try await Clinic.open { clinic in
            let data = clinic.hospital.data.path
            let body: JSONValue = ["name": "Zqname Rao", "dob": "1990-12-10", "email": "zqmail@mail.example"]
            let patient = try await clinic.reception.post("/v1/patients", body).body(201)[text: "patient_id"]
            let (before, after) = (folder.path + "/before.tar.gz", folder.path + "/after.tar.gz")
            #expect(try await Self.hms("backup", before, "--data", data).status == 0)
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/forgotten.txt"))

            let refused = try await Self.hms("forget", "pat_nobody", "--reason", "Asked", "--data", data)
            #expect(refused.status != 0)
            let forgotten = try await Self.hms("forget", patient, "--reason", "Asked in writing", "--data", data)
            #expect(forgotten.status == 0, "\(forgotten.output)")
            let record = try await clinic.reception.get("/v1/patients/\(patient)").body(200)
            #expect(record[text: "name"] == "Forgotten" && record[text: "status"] == "INACTIVE" && !record[text: "forgotten_at"].isEmpty)
            #expect(try await Self.hms("backup", after, "--data", data).status == 0)
            let list = try String(contentsOfFile: folder.path + "/forgotten.txt", encoding: .utf8)
            #expect(list.hasPrefix("\(patient) ") && list.split(separator: "\n").count == 1)

            let restored = folder.path + "/restored"
            let run = try await Self.hms("restore", before, "--data", restored)
            #expect(run.status == 0 && run.output.contains("Forgotten again: 1"), "\(run.output)")
            let check = try await Self.hms("check", "--data", restored)
            #expect(check.status == 0, "\(check.output)")
            let content = try Data(contentsOf: URL(fileURLWithPath: restored + "/patient/patient.sqlite"))
            for string in ["Zqname", "zqmail"] { #expect(content.range(of: Data(string.utf8)) == nil, "\(string) is back") }
        }
    }

    private static func hms(_ arguments: String...) async throws -> CommandRun { try await CommandRun(Clinic.executable, arguments) }
}

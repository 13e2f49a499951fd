import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import StorageTestKit
import Supervision
import Testing
import Vocabulary

/// `hms backup` and `hms restore` of a hospital on PostgreSQL.
@Suite(.enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server"), .timeLimit(.minutes(15))) struct PostgresBackupTests {
    @Test func `a hospital on PostgreSQL is archived while it runs, and comes back in a folder and on another server`() async throws {
        let folder = try TemporaryFolder()
        let archive = folder.path + "/hospital.tar.gz"
        try await TestServer.withOwnDatabase { _, url in
            let server = [Settings.database.environmentName: url, "HMS_AUDIT_SCOPE": "all"]
            let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, arguments: ["--demo"], environment: server)
            let made = try await CommandRun(Clinic.executable, ["backup", archive, "--data", hospital.data.path], environment: server)
            #expect(made.status == 0, "\(made.output)")
            #expect(try await hospital.stop() == 0)
        }
        try await Self.expectHospital(of: archive, inFolder: folder.path + "/there")

        try await TestServer.withOwnDatabase { _, url in
            let server = [Settings.database.environmentName: url]
            let place = try TemporaryFolder()
            let restored = try await CommandRun(
                Clinic.executable, ["restore", archive, "--to", "env", "--data", place.path + "/var"], environment: server)
            #expect(restored.status == 0, "\(restored.output)")
            #expect(!FileManager.default.fileExists(atPath: place.path + "/var/patient/patient.sqlite"))
            let again = try await CommandRun(
                Clinic.executable, ["restore", archive, "--to", url, "--data", folder.path + "/elsewhere"])
            #expect(again.status != 0, "what is there is not written over")
            let hospital = try await HospitalProcess.start(Clinic.executable, in: place, environment: server)
            let check = try await BuiltExecutables.check(hospital, soundWithin: .seconds(60), environment: server)
            #expect(check.status == 0, "\(check.output)")
            let audit = try await CommandRun(
                Clinic.executable, ["audit", "verify", "--data", hospital.data.path], environment: server)
            #expect(audit.status == 0, "\(audit.output)")
            #expect(try await hospital.stop() == 0)
        }
    }

    private static func expectHospital(of archive: String, inFolder folder: String) async throws {
        let restored = try await CommandRun(Clinic.executable, ["restore", archive, "--data", folder])
        #expect(restored.status == 0, "\(restored.output)")
        for question in [["check"], ["audit", "verify"]] {
            let run = try await CommandRun(Clinic.executable, question + ["--data", folder])
            #expect(run.status == 0, "\(run.output)")
        }
    }
}

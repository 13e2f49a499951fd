import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import StorageTestKit
import Supervision
import Testing

/// `hms audit` of a hospital on PostgreSQL, of which a command on another machine knows the server alone.
@Suite(.enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server"), .timeLimit(.minutes(15))) struct PostgresAuditTests {
    /// A machine that has the settings of the hospital, and not its folder.
    private struct OtherMachine {
        private let folder: TemporaryFolder
        private let environment: [String: String]

        init(_ url: String) throws {
            folder = try TemporaryFolder()
            environment = [Settings.database.environmentName: url]
        }

        func audit(_ arguments: String...) async throws -> CommandRun {
            try await CommandRun(Clinic.executable, ["audit"] + arguments + ["--data", folder.path + "/var"], environment: environment)
        }
    }

    private func start(in folder: TemporaryFolder, _ url: String) async throws -> HospitalProcess {
        try await HospitalProcess.start(Clinic.executable, in: folder, environment: [Settings.database.environmentName: url])
    }

    private func askForAppointments(_ hospital: HospitalProcess, _ url: String) async throws {
        let asked = try await CommandRun(
            Clinic.executable, ["call", "hms.appointment.v1.AppointmentService/ListAppointments", "{}", "--data", hospital.data.path],
            environment: [Settings.database.environmentName: url])
        #expect(asked.status == 0, "\(asked.output)")
    }

    @Test func `a database that was set back is told of when no service works on it any more, wherever that was`() async throws {
        try await TestServer.withOwnDatabase { _, url in
            let (folder, elsewhere) = (try TemporaryFolder(), try OtherMachine(url))
            let made = ["restored", "--made", "2026-11-28T09:00:00Z"]
            let none = try await elsewhere.audit(made[0], made[1], made[2])
            #expect(none.status == 1, "no service has ever run there")
            let hospital = try await start(in: folder, url)
            try await askForAppointments(hospital, url)
            let refused = try await elsewhere.audit(made[0], made[1], made[2])
            #expect(refused.status == 64, "it works on them, on another machine")
            #expect(try await hospital.stop() == 0)
            let told = try await elsewhere.audit(made[0], made[1], made[2])
            let time = try #require(told.output.firstMatch(of: /restored at (\S+)/)?.1, "\(told.output)")
            let verified = try await elsewhere.audit("verify", "--restored", String(time))
            #expect(verified.status == 0 && verified.output.contains("restored at \(time) from an archive of"), "\(verified.output)")
        }
    }
}

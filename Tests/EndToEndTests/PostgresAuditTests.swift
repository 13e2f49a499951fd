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

    /// What somebody does who owns one service's schema and knows the triggers.
    private func attack(_ url: String, _ statement: String) throws {
        let tables = ["hms_audit", "hms_audit_chain", "hms_audit_purges", "hms_audit_anchors"].map { "appointment.\($0)" }
        let closing = tables.map { "ALTER TABLE \($0) DISABLE TRIGGER USER; " }.joined()
        let opening = tables.map { "; ALTER TABLE \($0) ENABLE TRIGGER USER" }.joined()
        try TestServer.run("\(closing)\(statement)\(opening)", on: url)
    }

    @Test func `what an intruder does with one schema is found by a command that knows the server alone`() async throws {
        try await TestServer.withOwnDatabase { _, url in
            let (folder, elsewhere) = (try TemporaryFolder(), try OtherMachine(url))
            let hospital = try await start(in: folder, url)
            try await askForAppointments(hospital, url)
            try await eventually("the billing service keeps the end of the chain") {
                let verdict = try await elsewhere.audit("verify").output.split(separator: "\n").first { $0.hasPrefix("appointment") }
                return verdict?.firstMatch(of: /as written +\d+ +\d+ +\d+ +(\d+)/).flatMap { Int($0.1) } ?? 0 >= 1
            }
            #expect(try await hospital.stop() == 0)

            try TestServer.run("ALTER TABLE appointment.hms_audit DISABLE TRIGGER hms_audit_unchanged", on: url)
            let open = try await elsewhere.audit("verify")
            #expect(open.status == 1 && open.output.contains("the trigger hms_audit_unchanged is gone or stopped"), "\(open.output)")
            try attack(url, "UPDATE appointment.hms_audit SET actor = 'eve'")
            let edited = try await elsewhere.audit("verify")
            #expect(edited.status == 1 && edited.output.contains("appointment: entry 1, place 1, is not what was"), "\(edited.output)")
            #expect(!edited.output.contains("is gone or stopped"), "\(edited.output)")
            try attack(url, "DELETE FROM appointment.hms_audit_chain; DELETE FROM appointment.hms_audit")
            let cut = try await elsewhere.audit("verify")
            #expect(cut.status == 1 && cut.output.contains("appointment: the end was cut off: place"), "\(cut.output)")
            try attack(url, "INSERT INTO appointment.hms_audit_purges VALUES (1000000, '\\x00', 1)")
            let forgotten = try await elsewhere.audit("verify")
            #expect(
                forgotten.status == 1 && forgotten.output.contains("appointment: entries were forgotten before"), "\(forgotten.output)")
        }
    }
}

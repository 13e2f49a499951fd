import AppointmentService
import Foundation
import HMSTestKit
import Logging
import ProcessDriving
import ServiceKit
import Storage
import Supervision
import Testing

/// `hms audit`, on a hospital that runs and on one at rest.
@Suite(.timeLimit(.minutes(10))) struct AuditCommandTests {
    @Test(.timeLimit(.minutes(10)))
    func `who looked for an appointment is exported, and an edited entry is found`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, environment: ["HMS_AUDIT_SCOPE": "all"])
        let asked = try await CommandRun(
            Clinic.executable,
            ["call", "hms.appointment.v1.AppointmentService/ListAppointments", "{}", "--data", hospital.data.path])
        #expect(asked.status == 0, "\(asked.output)")
        let running = try await Self.audit(["export"], hospital.data.path)
        #expect(running.status == 0 && running.output.contains("AppointmentService/ListAppointments"), "\(running.output)")
        #expect(try await Self.audit(["verify"], hospital.data.path).status == 0)
        #expect(try await hospital.stop() == 0)
        let resting = try await Self.audit(["verify"], hospital.data.path)
        #expect(resting.status == 0 && resting.output.contains("as written"), "\(resting.output)")
        try await Self.edit(hospital.data.path)
        let edited = try await Self.audit(["verify"], hospital.data.path)
        #expect(edited.status == 1 && edited.output.contains("is not what was written there"), "\(edited.output)")
    }

    /// What somebody does who may write the database's file.
    private static func edit(_ data: String) async throws {
        let database = try await Database.open(
            .sqlite(path: data + "/appointment/appointment.sqlite"), schema: ServiceDefinition.appointment.schema,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await database.write { transaction in
            try transaction.execute("DROP TRIGGER hms_audit_unchanged")
            try transaction.execute("UPDATE hms_audit SET actor = 'somebody else' WHERE sequence = 1")
        }
        await database.close()
    }

    private static func audit(_ arguments: [String], _ data: String) async throws -> CommandRun {
        try await CommandRun(Clinic.executable, ["audit"] + arguments + ["--data", data])
    }
}

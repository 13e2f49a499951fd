import DoctorService
import Foundation
import HMSTestKit
import Logging
import ProcessDriving
import ServiceKit
import Storage
import Supervision
import Testing

/// `hms events`, as an operator uses it.
@Suite struct EventsCommandTests {
    @Test(.timeLimit(.minutes(10)))
    func `a dead letter is broken, is listed, and is gone when it is revived`() async throws {
        let folder = try TemporaryFolder()
        var hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let doctor = #"{"name": "Dr. No", "department": "Cardiology", "specialization": "Rhythm", "consultation_fee": 80000}"#
        #expect(try await hms("call", "hms.doctor.v1.DoctorService/CreateDoctor", doctor, of: hospital).status == 0)
        #expect(try await hms("events", "dead", of: hospital).output == "no dead letters\n")
        #expect(try await hospital.stop() == 0)
        try await Self.giveUpEverything(of: hospital.data.path)
        let check = try await hms("check", of: hospital)
        #expect(check.status == 1 && check.output.contains("BROKEN: No event was given up"), "\(check.output)")

        hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let dead = try await hms("events", "dead", of: hospital)
        #expect(dead.status == 1 && dead.output.contains("1 dead letters"), "\(dead.output)")
        #expect(dead.output.contains("doctor.registered") && dead.output.contains("NOT_NOW"))
        #expect(try await hms("events", "dead", "--service", "billing", of: hospital).status == 0)
        #expect(try await hms("events", "revive", of: hospital).status == 64, "which ones?")
        #expect(try await hms("events", "revive", "--all", "--service", "billing", of: hospital).output == "0 revived\n")
        #expect(try await hms("events", "revive", "--all", of: hospital).output == "1 revived\n")
        #expect(try await hms("events", "dead", of: hospital).status == 0)
        #expect(try await hospital.stop() == 0)
        #expect(try await hms("check", of: hospital).status == 0)
    }

    private func hms(_ arguments: String..., of hospital: HospitalProcess) async throws -> CommandRun {
        let split = arguments.first == "events" ? 2 : 1
        return try await CommandRun(
            Clinic.executable, arguments.prefix(split) + ["--data", hospital.data.path] + arguments.dropFirst(split))
    }

    /// Every event of the doctor service was refused by the appointment service.
    private static func giveUpEverything(of data: String) async throws {
        let database = try await Database.open(
            .sqlite(path: data + "/doctor/doctor.sqlite"), schema: ServiceDefinition.doctor.schema,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO hms_outbox_dead (subscriber, sequence, reason, attempts)
                SELECT 'appointment', sequence, 'NOT_NOW', 8 FROM hms_outbox
                """)
        }
        await database.close()
    }
}

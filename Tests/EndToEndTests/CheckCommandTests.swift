import AppointmentService
import Foundation
import HMSTestKit
import Logging
import ProcessDriving
import ServiceKit
import Storage
import Supervision
import Testing

/// `hms check`, as a script uses it.
@Suite(.timeLimit(.minutes(10))) struct CheckCommandTests {
    @Test(.timeLimit(.minutes(10)))
    func `the status tells a sound hospital from a broken one, and from none at all`() async throws {
        let folder = try TemporaryFolder()
        let none = try await Self.check(folder.path + "/var")
        #expect(none.status == 2)
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        #expect(try await hospital.stop() == 0)
        let sound = try await Self.check(hospital.data.path)
        #expect(sound.status == 0 && sound.output.contains("invariants hold"), "\(sound.output)")
        try await Self.breakCounter(of: hospital.data.path)
        let broken = try await Self.check(hospital.data.path)
        #expect(broken.status == 1, "\(broken.output)")
        #expect(broken.output.contains("BROKEN: Every counter of a doctor's day is the number of his appointments (1)"))
        try FileManager.default.removeItem(atPath: hospital.data.path + "/billing")
        #expect(try await Self.check(hospital.data.path).status == 2)
    }

    /// Counts an appointment that there is not.
    private static func breakCounter(of data: String) async throws {
        let database = try await Database.open(
            .sqlite(path: data + "/appointment/appointment.sqlite"), schema: ServiceDefinition.appointment.schema,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await database.write { try $0.execute("INSERT INTO doctor_days (doctor_id, clinic_day, scheduled) VALUES ('doc_1', 1, 1)") }
        await database.close()
    }

    private static func check(_ data: String) async throws -> CommandRun {
        try await CommandRun(Clinic.executable, ["check", "--data", data])
    }
}

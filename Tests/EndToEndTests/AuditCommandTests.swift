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
    /// What was asked is in the database when the answer has come: whoever looks for it is in the audit, too.
    private static let durable = ["HMS_AUDIT_READS": "durable"]

    @Test(.timeLimit(.minutes(10)))
    func `who looked for an appointment is exported, and an edited entry is found`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, environment: Self.durable)
        try await Self.askForAppointments(hospital.data.path)
        let running = try await Self.audit(["export"], hospital.data.path)
        #expect(running.status == 0 && running.output.contains("AppointmentService/ListAppointments"), "\(running.output)")
        let export = "exec '\(Clinic.executable)' audit export --data '\(hospital.data.path)' > /dev/full"
        #expect(try await CommandRun("/bin/sh", ["-c", export]).status == 1, "half of it is not taken for the whole")
        #expect(try await Self.audit(["verify"], hospital.data.path).status == 0)
        #expect(try await hospital.stop() == 0)
        let resting = try await Self.audit(["verify"], hospital.data.path)
        #expect(resting.status == 0 && resting.output.contains("as written"), "\(resting.output)")
        try await Self.edit(hospital.data.path)
        let edited = try await Self.audit(["verify"], hospital.data.path)
        #expect(edited.status == 1 && edited.output.contains("is not what was written there"), "\(edited.output)")
        #expect(edited.output.contains("the trigger hms_audit_unchanged is gone"), "\(edited.output)")
    }

    /// Whoever may write one service's files and those of the data folder, and makes a chain that is whole in itself.
    @Test(.timeLimit(.minutes(10)))
    func `a chain that is cut off or made anew is found by what another service keeps of it, the file of anchors gone`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, environment: Self.durable)
        let data = hospital.data.path
        try await Self.askForAppointments(data)
        // Of the file, and of the billing service.
        try await eventually("the end of the chain is anchored twice") {
            let verdict = try await Self.audit(["verify"], data).output.split(separator: "\n").first { $0.hasPrefix("appointment") }
            return verdict?.firstMatch(of: /as written +\d+ +\d+ +\d+ +(\d+)/).flatMap { Int($0.1) } ?? 0 >= 2
        }
        #expect(try await hospital.stop() == 0)
        try FileManager.default.removeItem(atPath: data + "/audit")
        let untouched = try await Self.audit(["verify"], data)
        #expect(untouched.status == 0, "\(untouched.output)")
        try await Self.rewrite(data, "UPDATE hms_audit SET actor = 'somebody else' WHERE sequence = 1")
        let rewritten = try await Self.audit(["verify"], data)
        #expect(rewritten.status == 1 && rewritten.output.contains("appointment: the chain was written anew"), "\(rewritten.output)")
        try await Self.rewrite(data, "DELETE FROM hms_audit")
        let cut = try await Self.audit(["verify"], data)
        #expect(cut.status == 1 && cut.output.contains("appointment: the end was cut off"), "\(cut.output)")
        // As if all of it was old.
        try await Self.rewrite(data, "INSERT INTO hms_audit_purges (place, hash, purged_at) VALUES (1000000, x'00', 1)")
        let forgotten = try await Self.audit(["verify"], data)
        #expect(
            forgotten.status == 1 && forgotten.output.contains("appointment: entries were forgotten before their time"),
            "\(forgotten.output)")
        #expect(try await Self.audit(["verify", "--kept-since", "2999-01-01T00:00:00Z"], data).status == 0)
    }

    /// Whoever can cut off a chain can restore an archive, too: so it is told always, and is a breach until somebody knows of it.
    @Test(.timeLimit(.minutes(10)))
    func `what was anchored since an archive is a breach in a hospital restored from it, until somebody knows of that`() async throws {
        let (folder, later) = (try TemporaryFolder(), try TemporaryFolder())
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, environment: Self.durable)
        let (data, archive, copy) = (hospital.data.path, folder.path + "/hospital.tar.gz", folder.path + "/anchors.ndjson")
        try await Self.askForAppointments(data)
        #expect(try await CommandRun(Clinic.executable, ["backup", archive, "--data", data]).status == 0)
        for _ in 0..<5 { try await Self.askForAppointments(data) }
        #expect(try await hospital.stop() == 0)
        try FileManager.default.copyItem(atPath: data + "/audit/anchors.ndjson", toPath: copy)
        let restored = later.path + "/var"
        let restore = try await CommandRun(Clinic.executable, ["restore", archive, "--data", restored])
        let time = try #require(restore.output.firstMatch(of: /restored at (\S+)/)?.1, "\(restore.output)")
        let alone = try await Self.audit(["verify"], restored)
        #expect(alone.status == 0 && alone.output.contains("restored at \(time) from an archive of"), "\(alone.output)")

        let again = try await HospitalProcess.start(Clinic.executable, in: later, environment: Self.durable)
        for _ in 0..<9 { try await Self.askForAppointments(restored) }
        #expect(try await again.stop() == 0)
        let silent = try await Self.audit(["verify", "--anchors", copy], restored)
        #expect(silent.status == 1 && silent.output.contains("appointment: the chain was written anew"), "\(silent.output)")
        #expect(silent.output.contains("--restored \(time)"))
        #expect(silent.output.contains(/not in the archive: places of .*appointment 2 to \d/))
        let known = try await Self.audit(["verify", "--anchors", copy, "--restored", String(time)], restored)
        #expect(known.status == 0 && known.output.contains(/not in the archive: places of .*appointment 2 to \d/), "\(known.output)")
        #expect(try await Self.audit(["verify", "--restored", "2026-01-01T00:00:00Z"], restored).status == 2)

        try await Self.rewrite(restored, "DELETE FROM hms_audit WHERE result = 'RESTORED'")
        let hidden = try await Self.audit(["verify", "--anchors", copy, "--restored", String(time)], restored)
        #expect(hidden.status == 1 && hidden.output.contains("appointment: the chain was written anew"), "\(hidden.output)")
    }

    @Test(.timeLimit(.minutes(10)))
    func `a database that was set back by hand is explained by who has done it`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, environment: Self.durable)
        let data = hospital.data.path
        let (database, copy) = (data + "/appointment/appointment.sqlite", folder.path + "/copy.sqlite")
        try await Self.askForAppointments(data)
        #expect(try await Self.audit(["restored", "--made", "2026-11-28T09:00:00Z"], data).status != 0, "it runs")
        #expect(try await hospital.stop() == 0)
        try FileManager.default.copyItem(atPath: database, toPath: copy)
        let again = try await HospitalProcess.start(Clinic.executable, in: folder, environment: Self.durable)
        for _ in 0..<5 { try await Self.askForAppointments(data) }
        #expect(try await again.stop() == 0)
        try FileManager.default.removeItem(atPath: database)
        try FileManager.default.copyItem(atPath: copy, toPath: database)
        let cut = try await Self.audit(["verify"], data)
        #expect(cut.status == 1 && cut.output.contains("appointment: the end was cut off"), "\(cut.output)")
        #expect(try await Self.audit(["restored", "nobody", "--made", "2026-11-28T09:00:00Z"], data).status != 0)
        let misspelt = folder.path + "/vra"
        #expect(try await Self.audit(["restored", "--made", "2026-11-28T09:00:00Z"], misspelt).status == 1)
        #expect(!FileManager.default.fileExists(atPath: misspelt), "no hospital is made where none was")
        let told = try await Self.audit(["restored", "appointment", "--made", "2026-11-28T09:00:00Z"], data)
        let time = try #require(told.output.firstMatch(of: /restored at (\S+)/)?.1, "\(told.output)")
        let silent = try await Self.audit(["verify"], data)
        #expect(silent.status == 1 && silent.output.contains("--restored \(time)"), "\(silent.output)")
        let known = try await Self.audit(["verify", "--restored", String(time)], data)
        #expect(known.status == 0 && known.output.contains("from an archive of 2026-11-28T09:00:00Z"), "\(known.output)")
    }

    private static func askForAppointments(_ data: String) async throws {
        let asked = try await CommandRun(
            Clinic.executable, ["call", "hms.appointment.v1.AppointmentService/ListAppointments", "{}", "--data", data])
        #expect(asked.status == 0, "\(asked.output)")
    }

    /// Removes the triggers, changes what is kept, chains it anew from its beginning, and puts the triggers back.
    private static func rewrite(_ data: String, _ statement: String) async throws {
        let database = try await Database.open(
            .sqlite(path: data + "/appointment/appointment.sqlite"), schema: ServiceDefinition.appointment.schema,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await database.write { transaction in
            let triggers = try transaction.rows(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'hms_audit%'"
            ) { (name: $0.text(0), sql: $0.text(1)) }
            for trigger in triggers { try transaction.execute("DROP TRIGGER \(trigger.name)") }
            try transaction.execute(statement)
            try transaction.execute("DELETE FROM hms_audit_chain")
            for trigger in triggers { try transaction.execute(trigger.sql) }
        }
        _ = try await database.sealAudit()
        await database.close()
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

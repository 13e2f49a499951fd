import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// `hms backup` and `hms restore`, as an operator uses them.
@Suite(.timeLimit(.minutes(15))) struct BackupCommandTests {
    @Test func `a hospital that is backed up while it books comes back sound, and goes on`() async throws {
        let place = try TemporaryFolder()
        try await Clinic.open { clinic in
            let day = try clinic.nextDay()
            let doctors = [try await clinic.doctor(), try await clinic.doctor(), try await clinic.doctor()]
            let load = doctors.map { doctor in
                Task {
                    var next = day
                    while !Task.isCancelled {
                        next = next.adding(days: 1)
                        for slot in ["10:00", "10:30", "11:00"] {
                            let visit = try await clinic.book(try await clinic.patient(), with: doctor, at: try next.text(slot))
                            if slot == "11:00" { _ = try await clinic.cancel(visit) } else { _ = try await clinic.billInAdvance(visit) }
                        }
                    }
                }
            }
            for number in 1...3 {
                let archive = "\(place.path)/\(number).tar.gz"
                let made = try await Self.hms("backup", archive, "--data", clinic.hospital.data.path)
                #expect(made.status == 0 && made.output.contains("writes were held"), "\(made.output)")
                let restored = try await Self.hms("restore", archive, "--data", "\(place.path)/\(number)")
                #expect(restored.status == 0, "\(restored.output)")
            }
            for task in load { task.cancel() }
            for task in load { _ = await task.result }
            #expect(try Self.copies(in: clinic.hospital.data).isEmpty)
        }

        let last = try TemporaryFolder()
        try FileManager.default.moveItem(atPath: place.path + "/3", toPath: last.path + "/var")
        let hospital = try await HospitalProcess.start(Clinic.executable, in: last)
        let check = try await BuiltExecutables.check(hospital, soundWithin: .seconds(60))
        #expect(check.status == 0, "\(check.output)")
        let audit = try await Self.hms("audit", "verify", "--data", hospital.data.path)
        #expect(audit.status == 0, "\(audit.output)")
        #expect(try await hospital.stop() == 0)
    }

    @Test func `a hospital at rest is archived encrypted, verified and restored, and nothing is put over anything`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        #expect(try await hospital.stop() == 0)
        let (archive, data) = (folder.path + "/hospital.sealed", hospital.data.path)
        #expect(try await Self.hms("keys", "backup", "--out", folder.path + "/backup").status == 0)
        #expect(try await Self.hms("backup", archive, "--data", data, "--to-key", folder.path + "/backup.pub").status == 0)
        let key = ["--key", folder.path + "/backup.key"]
        #expect(try await Self.hms("backup", "verify", archive).status == 1)
        let verified = try await Self.hms(["backup", "verify", archive] + key)
        #expect(verified.status == 0 && verified.output.contains("sound"))
        #expect(try await Self.hms(["restore", archive, "--data", data] + key).status != 0)
        let again = folder.path + "/again"
        #expect(try await Self.hms(["restore", archive, "--data", again] + key).status == 0)
        #expect(try await Self.hms("check", "--data", again).status == 0)
        for name in ["keys", "patient/patient.sqlite"] { #expect(FileManager.default.fileExists(atPath: "\(again)/\(name)")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains("partial") })
    }

    @Test func `backups are made again and again, and those of before go when they are old`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let shelf = folder.path + "/backups"
        let schedule = Process()
        schedule.executableURL = URL(filePath: Clinic.executable)
        schedule.arguments = ["backup", shelf, "--every", "1s", "--keep", "2s", "--data", hospital.data.path]
        schedule.standardOutput = FileHandle.nullDevice
        try schedule.run()
        defer { schedule.terminate() }
        let first = try await found("a backup", within: .seconds(120)) { try Self.backups(in: shelf).first }
        try await eventually("it goes, and another is there", within: .seconds(120)) {
            let names = try Self.backups(in: shelf)
            return !names.isEmpty && !names.contains(first)
        }
        schedule.terminate()
        schedule.waitUntilExit()
        let last = try #require(try Self.backups(in: shelf).last)
        #expect(try await Self.hms("backup", "verify", "\(shelf)/\(last)").status == 0)
        #expect(try await hospital.stop() == 0)
    }

    private static func backups(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".backup") }.sorted()
    }

    @Test func `an archive is put neither into the data folder, where the next would hold it, nor in the place of a folder`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        #expect(try await hospital.stop() == 0)
        let data = hospital.data.path
        for place in ["\(data)/hospital.backup", "\(data)/patient/hospital.backup", folder.path] {
            #expect(try await Self.hms("backup", place, "--data", data).status == 64, "\(place)")
        }
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/elsewhere", withDestinationPath: data)
        #expect(try await Self.hms("backup", folder.path + "/elsewhere/hospital.backup", "--data", data).status == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: data).allSatisfy { !$0.contains("backup") })
    }

    /// What services have copied and nobody removed.
    private static func copies(in data: DataFolder) throws -> [String] {
        try Settings.services.flatMap { service in
            let path = "\(data.path)/\(service)/backups"
            return FileManager.default.fileExists(atPath: path) ? try FileManager.default.contentsOfDirectory(atPath: path) : []
        }
    }

    private static func hms(_ arguments: String...) async throws -> CommandRun { try await hms(arguments) }

    private static func hms(_ arguments: [String]) async throws -> CommandRun {
        try await CommandRun(Clinic.executable, arguments)
    }
}

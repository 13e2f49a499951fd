import Archive
import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import Supervision
import Testing
import Vocabulary

/// Scheduled backups, of which each writes what is new.
@Suite(.timeLimit(.minutes(20))) struct IncrementalBackupTests {
    @Test func `twenty increments that were made while the hospital books are each restored sound, and any of them by its time`()
        async throws
    {
        let folder = try TemporaryFolder()
        let shelf = folder.path + "/backups"
        try await Clinic.open { clinic in
            let day = try clinic.nextDay()
            let doctors = [try await clinic.doctor(), try await clinic.doctor()]
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
            let schedule = try Self.schedule(to: shelf, of: clinic.hospital.data.path)
            defer { if schedule.isRunning { schedule.terminate() } }
            try await eventually("twenty are there", within: .seconds(400)) { try Self.backups(in: shelf).count >= 20 }
            // In the middle of whatever it does.
            kill(schedule.processIdentifier, SIGKILL)
            schedule.waitUntilExit()
            for task in load { task.cancel() }
            for task in load { _ = await task.result }
        }

        let backups = try Self.backups(in: shelf)
        for (number, backup) in backups.enumerated() {
            let restored = try await Self.hms("restore", "\(shelf)/\(backup)", "--data", "\(folder.path)/\(number)")
            #expect(restored.status == 0, "\(backup): \(restored.output)")
            try FileManager.default.removeItem(atPath: "\(folder.path)/\(number)")
        }
        let middle = try #require(BackupName(backups[10]))
        let between = middle.instant + .milliseconds(1)
        let atTime = try await Self.hms("restore", shelf, "--at", between.rfc3339, "--data", folder.path + "/then")
        #expect(atTime.status == 0, "\(atTime.output)")
        let audit = try await Self.hms("audit", "verify", "--data", folder.path + "/then")
        #expect(audit.status == 0, "\(audit.output)")
        let early = try await Self.hms("restore", shelf, "--at", "2001-01-01T00:00:00Z", "--data", folder.path + "/never")
        #expect(early.status != 0)
        // Twenty whole ones would be twenty times as much.
        let whole = try Self.bytes(of: folder.path + "/then", named: ".sqlite")
        #expect(try Self.bytes(of: shelf + "/chunks", named: "") < whole * 10)
    }

    @Test func `a piece that is gone or changed is noticed, and nothing is restored`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        let shelf = folder.path + "/backups"
        #expect(try await Self.hms("keys", "backup", "--out", folder.path + "/backup").status == 0)
        let schedule = try Self.schedule(to: shelf, of: hospital.data.path, ["--to-key", folder.path + "/backup.pub"])
        try await eventually("one is there", within: .seconds(120)) { try !Self.backups(in: shelf).isEmpty }
        schedule.terminate()
        schedule.waitUntilExit()
        #expect(try await hospital.stop() == 0)
        let key = ["--key", folder.path + "/backup.key"]
        #expect(try await Self.hms(["backup", "verify", shelf] + key).status == 0)
        #expect(try await Self.hms(["backup", "verify", shelf]).status != 0, "without the key nothing is opened")

        let chunks = try #require(FileManager.default.enumerator(atPath: shelf + "/chunks")?.compactMap { $0 as? String })
        let piece = try #require(chunks.first { $0.contains("/") })
        let path = "\(shelf)/chunks/\(piece)"
        var content = try Data(contentsOf: URL(fileURLWithPath: path))
        content[content.count / 2] ^= 1
        try content.write(to: URL(fileURLWithPath: path))
        #expect(try await Self.hms(["backup", "verify", shelf] + key).status != 0)
        try FileManager.default.removeItem(atPath: path)
        let lost = try await Self.hms(["restore", shelf, "--data", folder.path + "/lost"] + key)
        #expect(lost.status != 0 && !FileManager.default.fileExists(atPath: folder.path + "/lost"))
    }

    @Test func `a log that has not changed is not written again, and comes back as it was`() async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder)
        #expect(try await hospital.stop() == 0)
        let (shelf, data) = (folder.path + "/backups", hospital.data.path)
        // By chance, so that nothing of it is compressed.
        let log = Data((0..<1 << 20).map { _ in UInt8.random(in: .min ... .max) })
        try FileManager.default.createDirectory(atPath: data + "/logs", withIntermediateDirectories: true)
        try log.write(to: URL(fileURLWithPath: data + "/logs/hospital.jsonl.1"))
        let schedule = try Self.schedule(to: shelf, of: data)
        defer { if schedule.isRunning { schedule.terminate() } }
        try await eventually("two are there", within: .seconds(240)) { try Self.backups(in: shelf).count >= 2 }
        schedule.terminate()
        schedule.waitUntilExit()
        let last = try #require(try Self.backups(in: shelf).last)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(shelf)/\(last)")
        #expect(attributes[.size] as? Int ?? .max < log.count / 2)
        #expect(try await Self.hms("restore", "\(shelf)/\(last)", "--data", folder.path + "/again").status == 0)
        #expect(FileManager.default.contents(atPath: folder.path + "/again/logs/hospital.jsonl.1") == log)
    }

    private static func schedule(to shelf: String, of data: String, _ more: [String] = []) throws -> Process {
        let schedule = Process()
        schedule.executableURL = URL(filePath: Clinic.executable)
        schedule.arguments = ["backup", shelf, "--every", "1s", "--keep", "1d", "--data", data] + more
        schedule.standardOutput = FileHandle.nullDevice
        try schedule.run()
        return schedule
    }

    private static func backups(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { BackupName($0) != nil }.sorted()
    }

    private static func bytes(of folder: String, named end: String) throws -> Int {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(end) }.reduce(0) { sum, name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return sum + (attributes[.type] as? FileAttributeType == .typeRegular ? attributes[.size] as? Int ?? 0 : 0)
        }
    }

    private static func hms(_ arguments: String...) async throws -> CommandRun { try await hms(arguments) }

    private static func hms(_ arguments: [String]) async throws -> CommandRun { try await CommandRun(Clinic.executable, arguments) }
}

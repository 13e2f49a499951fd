import Contracts
import Foundation
import HMSTestKit
import NotificationRules
import ServiceKit
import Storage
import Synchronization
import Testing
import Vocabulary

@testable import NotificationService

/// What people were told is kept for a time, and what they are still to be told for as long as it takes.
struct RetentionTests {
    private static let retention: Duration = .days(10)

    private func clean(_ hospital: NotificationServiceUnderTest) async throws {
        try await Retention(hospital.service.resources, outgoing: Transports(hospital.service.resources).file).clean()
    }

    private func counts(_ hospital: NotificationServiceUnderTest) async throws -> [Int] {
        try await hospital.service.resources.database.read { reader in
            try ["notifications", "announcements"].map { table in try reader.row("SELECT count(*) FROM \(table)") { $0.int(0) } ?? -1 }
        }
    }

    @Test(arguments: [Handover.accepted, .refused("no")])
    func `notifications that were handed over or given up are kept to the millisecond, and what they came of`(end: Handover) async throws {
        try await withNotifications(configure: { $0.notification.retention = Self.retention }) { hospital in
            try await hospital.deliver(hospital.event("bill.created", EventTests.bill))
            try await hospital.announce()
            hospital.transport.answer = end
            try await hospital.handOver()
            hospital.clock.advance(by: Self.retention)
            try await clean(hospital)
            #expect(try await counts(hospital) == [2, 1])
            hospital.clock.advance(by: .milliseconds(1))
            try await clean(hospital)
            #expect(try await counts(hospital) == [0, 0])
        }
    }

    @Test func `what is still to be handed over, or to be announced, is never forgotten`() async throws {
        try await withNotifications(configure: { $0.notification.retention = Self.retention }) { hospital in
            try await hospital.deliver(hospital.event("bill.created", EventTests.bill))
            try await hospital.announce()
            hospital.transport.answer = .failed("busy")
            try await hospital.handOver()
            try await hospital.deliver(hospital.event("bill.voided", id: "evt_2", EventTests.bill))
            hospital.clock.advance(by: .days(1_000))
            try await clean(hospital)
            #expect(try await counts(hospital) == [2, 1])
        }
    }

    @Test func `however many are old, all of them go`() async throws {
        try await withNotifications(configure: { $0.notification.retention = Self.retention }) { hospital in
            for number in 0..<600 { try await hospital.deliver(hospital.event("bill.created", id: "evt_\(number)", EventTests.bill)) }
            try await hospital.announce()
            try await hospital.handOver()
            hospital.clock.advance(by: Self.retention + .milliseconds(1))
            try await clean(hospital)
            #expect(try await counts(hospital) == [0, 0])
        }
    }
}

/// The file of letters begins anew, and old ones go.
struct OutgoingFileTests {
    private static let day: Int64 = 86_400
    /// 2026-03-02T00:00:00Z
    private static let midnight: Int64 = 1_772_409_600

    private func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    /// A file whose last letter was written `time` ago.
    private func wrote(_ text: String, to name: String, at time: Int64, _ folder: TemporaryFolder) throws {
        let path = try folder.write(text, to: name)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: TimeInterval(time))], ofItemAtPath: path)
    }

    private func file(_ folder: TemporaryFolder, at time: Int64, longest: Int64 = 1_000) -> OutgoingFile {
        var file = OutgoingFile(path: "\(folder.path)/outgoing.jsonl", retention: 30 * Self.day)
        file.longest = longest
        file.unixTime = { time }
        return file
    }

    @Test func `a day begins a new file, and the old one lies beside it under its own day`() async throws {
        let folder = try TemporaryFolder()
        try wrote("{}\n", to: "outgoing.jsonl", at: Self.midnight - 1, folder)
        #expect(file(folder, at: Self.midnight - 1).append(Array("{1}\n".utf8)) == 0)
        try wrote("{}\n{1}\n", to: "outgoing.jsonl", at: Self.midnight - 1, folder)
        #expect(file(folder, at: Self.midnight).append(Array("{2}\n".utf8)) == 0)
        #expect(try names(folder) == ["outgoing-2026-03-01.jsonl", "outgoing.jsonl"])
        #expect(try folder.read("outgoing-2026-03-01.jsonl") == "{}\n{1}\n" && folder.read("outgoing.jsonl") == "{2}\n")
    }

    @Test func `a file that has grown too long is set aside too, and none replaces another`() async throws {
        let folder = try TemporaryFolder()
        for number in 1...3 {
            try wrote("\(number)", to: "outgoing.jsonl", at: Self.midnight, folder)
            #expect(file(folder, at: Self.midnight, longest: 1).append([UInt8(ascii: "x")]) == 0)
        }
        #expect(
            try names(folder) == [
                "outgoing-2026-03-02-2.jsonl", "outgoing-2026-03-02-3.jsonl", "outgoing-2026-03-02.jsonl", "outgoing.jsonl",
            ])
        #expect(try folder.read("outgoing-2026-03-02-3.jsonl") == "3" && folder.read("outgoing.jsonl") == "x")
    }

    @Test func `files are removed when their last letter is older than the retention, others are left alone`() async throws {
        let folder = try TemporaryFolder()
        let retention = 30 * Self.day
        try wrote("old", to: "outgoing-2026-01-01.jsonl", at: Self.midnight - retention - 1, folder)
        try wrote("young", to: "outgoing-2026-01-31.jsonl", at: Self.midnight - retention, folder)
        try wrote("not ours", to: "notification.sqlite", at: 0, folder)
        try wrote("yesterday", to: "outgoing.jsonl", at: Self.midnight - Self.day, folder)
        try file(folder, at: Self.midnight).clean()
        #expect(try names(folder) == ["notification.sqlite", "outgoing-2026-01-31.jsonl", "outgoing-2026-03-01.jsonl"])
    }

    @Test func `where no letter was ever written there is nothing to clean`() throws {
        let folder = try TemporaryFolder()
        try file(folder, at: Self.midnight).clean()
        try OutgoingFile(path: "\(folder.path)/nowhere/outgoing.jsonl", retention: 1).clean()
    }
}

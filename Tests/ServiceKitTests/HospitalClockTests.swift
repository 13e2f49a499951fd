import Foundation
import HMSTestKit
import Testing
import Vocabulary

@testable import ServiceKit

@Suite struct HospitalClockTests {
    private let folder: TemporaryFolder
    private let log = CapturedLog()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func clock(showing text: String) throws -> HospitalClock {
        try HospitalClock.file(folder.write(text, to: "clock"), logger: log.logger())
    }

    @Test func `the system's clock tells the real time`() {
        let real = Int64(Date().timeIntervalSince1970 * 1_000)
        #expect(abs(HospitalClock.system.now().millisecondsSinceEpoch - real) < 60_000)
    }

    @Test(arguments: ["2026-03-02T09:00:00+05:30", "2026-03-02T03:30:00Z\n", "  2026-03-02T03:30:00.000Z \r\n"])
    func `a clock file shows its instant`(text: String) throws {
        #expect(try clock(showing: text).now().rfc3339 == "2026-03-02T03:30:00Z")
    }

    @Test func `every change is seen at once, even one that leaves size and second alike`() throws {
        let clock = try clock(showing: "2026-03-02T03:30:00Z")
        for minute in 10..<60 {
            try folder.write("2026-03-02T03:\(minute):00Z", to: "clock")
            #expect(clock.now().rfc3339 == "2026-03-02T03:\(minute):00Z")
        }
    }

    @Test func `a file that has rested is not read again, and a change of it is seen`() throws {
        let path = try folder.write("2026-03-02T03:30:00Z", to: "clock")
        try rest(path)
        let clock = try HospitalClock.file(path, logger: log.logger())
        #expect(clock.now().rfc3339 == "2026-03-02T03:30:00Z")
        try folder.write("2026-03-02T05:00:00Z", to: "clock")
        #expect(clock.now().rfc3339 == "2026-03-02T05:00:00Z")
    }

    @Test func `a stamp tells a file that has rested from one that has just changed`() throws {
        let path = try folder.write("x", to: "clock")
        #expect(FileStamp.settled(path: path) == nil)
        try rest(path)
        #expect(FileStamp.settled(path: path) == FileStamp(path: path))
        #expect(FileStamp(path: path + "-missing") == nil)
    }

    @Test func `a file that is replaced by another is followed`() throws {
        let clock = try clock(showing: "2026-03-02T03:30:00Z")
        try LocalFile.write(Array("2026-03-02T04:30:00Z".utf8), to: folder.path + "/clock", mode: 0o600)
        #expect(clock.now().rfc3339 == "2026-03-02T04:30:00Z")
    }

    @Test func `a broken file keeps the last good time, says so once, and is followed again when mended`() throws {
        let clock = try clock(showing: "2026-03-02T03:30:00Z")
        for text in ["yesterday", "", "2026-03-02T03:30:00"] {
            try folder.write(text, to: "clock")
            #expect(clock.now().rfc3339 == "2026-03-02T03:30:00Z")
            #expect(clock.now().rfc3339 == "2026-03-02T03:30:00Z")
        }
        #expect(log.lines.count == 1)
        try FileManager.default.removeItem(at: folder.url.appending(path: "clock"))
        #expect(clock.now().rfc3339 == "2026-03-02T03:30:00Z")
        #expect(log.lines.count == 2)
        try folder.write("2026-03-02T06:00:00Z", to: "clock")
        #expect(clock.now().rfc3339 == "2026-03-02T06:00:00Z")
    }

    @Test(arguments: ["", "noon", "2026-03-02", "2026-03-02T03:30:00", "2026-03-02T03:30:00Z 2026-03-02T03:30:00Z"])
    func `a clock that starts broken is refused`(text: String) {
        #expect(throws: FileError.self) { try clock(showing: text) }
    }

    @Test func `a clock whose file is missing is refused`() {
        #expect(throws: FileError.self) { try HospitalClock.file(folder.path + "/none", logger: log.logger()) }
    }

    /// Makes a file look as if it had not changed for a minute.
    private func rest(_ path: String) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
    }
}

import Foundation
import HMSTestKit
import Logging
import Testing
import Vocabulary

@testable import Supervision

/// A hospital's log in files: kept within bounds, and read by people.
@Suite(.timeLimit(.minutes(10))) struct LogFileTests {
    private let folder: TemporaryFolder
    private let files: LogFiles

    init() throws {
        folder = try TemporaryFolder()
        files = LogFiles(dataFolder: folder.path, fileSize: 100, olderCount: 2)
    }

    private func line(_ number: Int) -> String { "line \(number) of thirty bytes......" }

    private func write(_ numbers: Range<Int>, _ writer: LogFileWriter) throws {
        for number in numbers { try writer.write(Array((line(number) + "\n").utf8)) }
    }

    @Test func `a full file makes room for the next, and only so many are kept`() throws {
        try write(0..<100, LogFileWriter(files))
        #expect(files.existing.count == 3)
        let lines = try files.existing.flatMap { try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n") }
        #expect(lines.last.map(String.init) == line(99))
        #expect(lines.map(String.init) == (100 - lines.count..<100).map(line))
        for path in files.existing { #expect(try Data(contentsOf: URL(filePath: path)).count <= 100) }
    }

    @Test func `who starts again goes on with the file that is there`() throws {
        try write(0..<1, LogFileWriter(files))
        try write(1..<2, LogFileWriter(files))
        #expect(try String(contentsOfFile: files.path, encoding: .utf8) == "\(line(0))\n\(line(1))\n")
    }

    @Test func `who reads sees every line once, over every exchange of the file`() throws {
        let writer = try LogFileWriter(files)
        try write(0..<5, writer)
        let reader = LogReader(files)
        var seen = try reader.next()
        for number in 5..<40 {
            try write(number..<number + 1, writer)
            if number.isMultiple(of: 2) { seen += try reader.next() }
        }
        seen += try reader.next()
        #expect(seen == (0..<40).map(line))
        #expect(try reader.next() == [])
    }

    @Test func `a line that is not whole yet is waited for`() throws {
        let writer = try LogFileWriter(files)
        let reader = LogReader(files)
        try writer.write(Array("first\nsec".utf8))
        #expect(try reader.next() == ["first"])
        try writer.write(Array("ond\n".utf8))
        #expect(try reader.next() == ["second"])
    }

    private static let paid =
        #"{"timestamp":"2026-11-27T10:00:00.120Z","level":"warning","service":"payment","message":"The provider is slow","attempt":2,"#
        + #""correlation_id":"desk-1","why":"it took long"}"#

    @Test func `a line is shown so that people can read it`() throws {
        let entry = try #require(LogEntry(Self.paid))
        #expect(
            entry.text == "2026-11-27T10:00:00.120Z WARNING  payment      The provider is slow  "
                + #"attempt=2 correlation_id=desk-1 why="it took long""#)
        #expect(LogEntry("Fatal error: no line of a log") == nil)
    }

    @Test func `what a text would do to a terminal is written out`() throws {
        let entry = try #require(
            LogEntry(
                #"{"timestamp":"2026-11-27T10:00:00.120Z","level":"error","service":"rest","message":"a\u001b[2Jb\nc","#
                    + #""why":"\u202eno\tway\u0007"}"#))
        #expect(entry.text == #"2026-11-27T10:00:00.120Z ERROR    rest         a\u{1b}[2Jb\u{a}c  why=\u{202e}no"# + "\t" + #"way\u{7}"#)
        #expect(VisibleText.of("Aşk – “ok”") == "Aşk – “ok”")
    }

    @Test func `time, gravity, request and part choose what is shown`() throws {
        let entry = try #require(LogEntry(Self.paid))
        func wants(_ change: (inout LogChoice) -> Void) -> Bool {
            var choice = LogChoice()
            change(&choice)
            return choice.wants(entry)
        }
        let second = { (second: Int) in Instant(rfc3339: "2026-11-27T10:00:0\(second)Z") }
        #expect(wants { _ in })
        #expect(wants { $0.since = second(0) } && !wants { $0.since = second(1) })
        #expect(wants { $0.level = .warning } && !wants { $0.level = .error })
        #expect(wants { $0.correlationID = "desk-1" } && !wants { $0.correlationID = "desk-2" })
        #expect(wants { $0.parts = ["billing", "payment"] } && !wants { $0.parts = ["billing"] })
    }
}

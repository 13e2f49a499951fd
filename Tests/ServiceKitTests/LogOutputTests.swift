import Foundation
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct LogOutputTests {
    /// A pipe that nobody reads until asked.
    private final class StillReader: Sendable {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        /// Reads whole lines until one is as wanted.
        func lines(until isLast: (String) -> Bool) -> [String] {
            allLines(until: { $0.last.map(isLast) == true })
        }

        /// Reads whole lines until they are all that is wanted.
        func allLines(until areAll: ([String]) -> Bool) -> [String] {
            var text = ""
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(reading, &buffer, buffer.count)
                guard count > 0 else { break }
                text += String(decoding: buffer[..<count], as: UTF8.self)
                if text.hasSuffix("\n"), areAll(text.split(separator: "\n").map(String.init)) { break }
            }
            return text.split(separator: "\n").map(String.init)
        }

        deinit {
            close(reading)
            close(writing)
        }
    }

    private func line(_ number: Int) -> [UInt8] { Array("{\"n\":\(number),\"fill\":\"\(String(repeating: "x", count: 80))\"}\n".utf8) }

    /// How many lines all notices together tell of.
    private func dropped(in lines: [String]) -> Int {
        lines.compactMap { $0.firstMatch(of: #/"dropped":(\d+)/#).flatMap { Int($0.output.1) } }.reduce(0, +)
    }

    @Test func `who logs does not wait for a reader that stands still, and what found no room is counted`() throws {
        let reader = try StillReader()
        let output = LogOutput(descriptor: reader.writing, boundBytes: 64 * 1024)
        let start = ContinuousClock.now
        let count = 20_000
        for number in 0..<count { output.write(line(number), from: "patient") }
        #expect(.now - start < .seconds(20), "a reader that stands still held up who logs")
        let lines = reader.allLines(until: { $0.count { !$0.contains("dropped") } + dropped(in: $0) == count })
        #expect(dropped(in: lines) > 0)
        let notice = try #require(lines.first { $0.contains("dropped") })
        #expect(notice.contains("\"service\":\"patient\"") && notice.contains("\"level\":\"warning\""))
        #expect(notice.contains(" lines were dropped\""))
        output.close()
    }

    @Test func `lines arrive whole and in order, many in one write`() throws {
        let reader = try StillReader()
        let output = LogOutput(descriptor: reader.writing, gathering: .milliseconds(200))
        for number in 0..<30 { output.write(line(number), from: "patient") }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(reader.reading, &buffer, buffer.count)
        let first = String(decoding: buffer[..<count], as: UTF8.self)
        #expect(first.split(separator: "\n").count == 30)
        #expect(first.hasPrefix("{\"n\":0,"))
        output.close()
    }

    @Test func `no write is longer than a pipe takes in one piece, and each ends with a line`() throws {
        // A datagram keeps the borders of the writes.
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        let output = LogOutput(descriptor: ends[1], gathering: .milliseconds(100))
        for number in 0..<200 { output.write(line(number), from: "patient") }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var lines = 0
        while lines < 200 {
            let count = read(ends[0], &buffer, buffer.count)
            try #require(count > 0)
            #expect(count <= 4_096 && buffer[count - 1] == 0x0A)
            lines += buffer[..<count].count { $0 == 0x0A }
        }
        #expect(lines == 200)
        output.close()
    }

    @Test func `a flush writes what waits, but never waits for a reader longer than it may`() throws {
        let reader = try StillReader()
        let output = LogOutput(descriptor: reader.writing, gathering: .seconds(3_600))
        output.write(line(1), from: "patient")
        output.flush(within: .seconds(60))
        #expect(reader.lines(until: { _ in true }).count == 1)
        for number in 0..<2_000 { output.write(line(number), from: "patient") }
        let start = ContinuousClock.now
        output.flush(within: .milliseconds(50))
        #expect(.now - start < .seconds(30))
        _ = reader.lines(until: { $0.contains("\"n\":1999,") })
        output.close()
    }

    @Test func `a pipe that somebody made non-blocking is waited for by the writer alone`() throws {
        let reader = try StillReader()
        _ = fcntl(reader.writing, F_SETFL, O_NONBLOCK)
        let output = LogOutput(descriptor: reader.writing)
        for number in 0..<2_000 { output.write(line(number), from: "patient") }
        let lines = reader.lines(until: { $0.contains("\"n\":1999,") })
        #expect(lines.count == 2_000)
        output.close()
    }

    @Test func `a reader that is gone ends nothing`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let output = LogOutput(descriptor: ends[1])
        output.write(line(1), from: "patient")
        output.flush(within: .seconds(60))
        output.close()
        close(ends[1])
    }
}

import Foundation
import HMSTestKit
import Logging
import Synchronization
import Testing

@testable import ServiceKit

@Suite struct LogTests {
    private let log = CapturedLog()

    private func object(_ line: String?) throws -> [String: Any] {
        let line = try #require(line)
        return try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func `a line is a JSON object with time, level, service and message`() throws {
        log.logger(service: "patient").warning("The disk is slow", metadata: ["wait_ms": .stringConvertible(12), "path": "/x"])
        let line = try object(log.lines.first)
        #expect(line["level"] as? String == "warning")
        #expect(line["service"] as? String == "patient")
        #expect(line["message"] as? String == "The disk is slow")
        #expect(line["wait_ms"] as? Int == 12)
        #expect(line["path"] as? String == "/x")
        #expect((line["timestamp"] as? String)?.hasSuffix("Z") == true)
    }

    @Test func `nothing that is logged can end the line or its strings`() throws {
        let nasty = "a\"b\\c\nd\re\tf\u{0}g\u{1B}[31mh\u{2028}i\u{85}j\u{7F}😀"
        log.logger().info("\(nasty)", metadata: ["key\"\n": .string(nasty), "list": .array([.string(nasty)])])
        let text = try #require(log.lines.first)
        #expect(log.lines.count == 1)
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{2028}" })
        let line = try object(text)
        #expect(line["message"] as? String == nasty)
        #expect(line["key\"\n"] as? String == nasty)
    }

    @Test func `metadata cannot forge the fields of the line`() throws {
        log.logger(service: "patient").info("real", metadata: ["message": "forged", "level": "critical", "service": "x"])
        let line = try object(log.lines.first)
        #expect(line["message"] as? String == "real")
        #expect(line["level"] as? String == "info")
        #expect(line["_message"] as? String == "forged")
    }

    @Test func `numbers and truth values stay what they are`() throws {
        log.logger().info(
            "x",
            metadata: [
                "count": .stringConvertible(Int64.max), "share": .stringConvertible(0.25), "on": .stringConvertible(true),
                "odd": .stringConvertible(Double.nan), "text": "7",
            ])
        let line = try object(log.lines.first)
        #expect(line["count"] as? Int64 == .max)
        #expect(line["share"] as? Double == 0.25)
        #expect(line["on"] as? Bool == true)
        #expect(line["odd"] as? String == "nan")
        #expect(line["text"] as? String == "7")
    }

    @Test(arguments: [0, 511, 512, 513, 1_024, 1_025, 100_000])
    func `a line stays within what a pipe takes in one piece`(length: Int) throws {
        let long = String(repeating: "ä", count: length)
        let metadata = Dictionary(uniqueKeysWithValues: (0..<40).map { ("key\($0)", Logger.MetadataValue.string(long)) })
        log.logger().info("\(long)", metadata: metadata)
        let text = try #require(log.lines.first)
        #expect(text.utf8.count < 4_096)
        let line = try object(text)
        #expect(line["truncated"] as? Bool == (length > 30 ? true : nil))
    }

    @Test func `a control character fills a line no further than its limit`() throws {
        log.logger().info("\(String(repeating: "\u{1}", count: 5_000))", metadata: ["a": .string(String(repeating: "\u{1}", count: 5_000))])
        let text = try #require(log.lines.first)
        #expect(text.utf8.count < 4_096)
        _ = try object(text)
    }

    @Test func `a logger's own metadata is part of every line, and a line's metadata is stronger`() throws {
        var logger = log.logger()
        logger[metadataKey: "a"] = "1"
        logger[metadataKey: "b"] = "1"
        logger.info("x", metadata: ["b": "2"])
        let line = try object(log.lines.first)
        #expect(line["a"] as? String == "1")
        #expect(line["b"] as? String == "2")
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"), (1_772_323_199_009, "2026-02-28T23:59:59.009Z"),
        (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
    ])
    func `a line tells its time to the millisecond`(milliseconds: Int64, text: String) throws {
        let line = JSONLine(at: milliseconds, level: "info", service: "s", message: "m")
        #expect(try object(String(decoding: line.finished(), as: UTF8.self))["timestamp"] as? String == text)
    }

    @Test(arguments: [(0, "0.000"), (999, "0.000"), (1_000, "0.001"), (12_345_678, "12.345"), (60_000_000_000, "60000.000"), (-1, "0.000")])
    func `a span of time is told in milliseconds, to the microsecond`(nanoseconds: Int64, text: String) {
        var line = JSONLine(at: 0, level: "info", service: "s", message: "m")
        line.add("took", milliseconds: nanoseconds)
        #expect(String(decoding: line.finished(), as: UTF8.self).hasSuffix(#""took":\#(text)}"# + "\n"))
    }

    @Test func `fields that are known beforehand stand before what the logger adds, and another handler is told them too`() throws {
        var logger = log.logger(level: .info)
        logger[metadataKey: "a"] = "1"
        FrequentLine(.info, "call", of: logger).write { $0.add("status", "OK") }
        FrequentLine(.debug, "call", of: logger).write { $0.add("status", "quiet") }
        #expect(log.lines.count == 1)
        #expect(try #require(log.lines.first).hasSuffix(#""message":"call","status":"OK","a":"1"}"#))
        let told = Mutex("")
        let other = Logger(label: "other") { _ in OtherHandler { text in told.withLock { $0 = text } } }
        FrequentLine(.info, "call", of: other).write { $0.add("status", "OK") }
        #expect(told.withLock { $0 } == #"call {"status":"OK"}"#)
    }

    @Test(arguments: [0, 1, 4_000])
    func `a line whose beginning was made before is the same, byte for byte, also where it is cut`(length: Int) throws {
        let text = String(repeating: "\"", count: length)
        let written = Mutex<[UInt8]>([])
        let lines = PlainLines(level: .info, service: "patient", message: "call") { line in written.withLock { $0 = line } }
        for time: Int64 in [951_827_696_789, 951_827_696_789, 951_827_696_790] {
            let fields = { (line: inout JSONLine) in for _ in 0..<5 { line.add("text", text) } }
            var whole = JSONLine(at: time, level: "info", service: "patient", message: "call")
            fields(&whole)
            lines.write(at: time, fields)
            #expect(written.withLock { $0 } == whole.finished())
        }
    }

    private struct OtherHandler: LogHandler {
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]
        let tell: @Sendable (String) -> Void

        init(tell: @escaping @Sendable (String) -> Void) { self.tell = tell }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { tell(event.message.description) }
    }

    @Test func `lines below the level are not written`() {
        log.logger(level: .warning).info("quiet")
        #expect(log.lines.isEmpty)
    }
}

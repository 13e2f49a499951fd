import Foundation
import HMSTestKit
import Logging
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

    @Test func `lines below the level are not written`() {
        log.logger(level: .warning).info("quiet")
        #expect(log.lines.isEmpty)
    }
}

import Contracts
import Foundation
import NIOCore
import RPC
import SeededRandom
import Testing

@testable import RESTShim

/// Large answers in gzip, for who takes it.
@Suite(.timeLimit(.minutes(10))) struct CompressionTests {
    @Test(arguments: [
        (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate, gzip;q=1.0, *;q=0.5", true), ("*", true),
        ("gzip;q=0", false), ("gzip;q=0.000", false), ("gzip;q=0.001", true), ("*;q=0", false), ("identity", false), ("br", false),
        ("gzip;q=0.5, identity", false), ("gzip;q=0.5, identity;q=0.5", true), ("identity;q=0, gzip;q=0.1", true),
        ("gzip;q=2", false), ("gzip;q=1.001", false), ("gzip;q=0.1234", false), ("gzip;q=x", false), ("gzip;q=", false),
        ("gzip; q=0.3", true),
        ("gzip;q=0, *", false), ("br , gzip ;q=0.2", true), (",,", false), ("gzip;level=9", false),
    ])
    func `gzip is sent to who takes it, and not to who likes it less`(field: String?, isTaken: Bool) {
        #expect(AcceptEncoding.prefersGzip(field) == isTaken)
    }

    @Test(arguments: [0, 1, 2048, 100_000, 3_000_000])
    func `what is compressed comes back as it was`(byteCount: Int) throws {
        var random = SplitMix64(seed: UInt64(byteCount))
        for bytes in [
            [UInt8](repeating: 0x41, count: byteCount), (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) },
        ] {
            for effort in [Gzip.Effort.least, .most] {
                let compressed = try #require(Gzip.compress(bytes, effort))
                #expect(try Self.gunzip(compressed) == bytes)
            }
        }
    }

    @Test(arguments: [(2047, false), (2048, true), (70_000, true)])
    func `a large answer is compressed, a small one isn't worth it`(byteCount: Int, isCompressed: Bool) async throws {
        let json = #"{"a":""# + String(repeating: "x", count: byteCount - 8) + #""}"#
        let channel = FakeChannel { _ in ClientReply(payload: ByteBuffer(string: json)) }
        try await Shim.run(channel: channel) { shim async throws in
            let plain = try await shim.ask("GET", "/v1/samples")
            #expect(plain.text == json && plain["Content-Encoding"] == nil)
            #expect((plain["Vary"] == "Accept-Encoding") == isCompressed)
            let answer = try await shim.ask("GET", "/v1/samples", ["Accept-Encoding": "gzip"])
            #expect((answer["Content-Encoding"] == "gzip") == isCompressed && answer["Vary"] == plain["Vary"])
            #expect(answer["Content-Type"] == "application/json")
            let body = isCompressed ? try Self.gunzip(answer.body) : answer.body
            #expect(body == Array(json.utf8))
            if isCompressed { #expect(answer.body.count < 1000) }
            let head = try await shim.ask("HEAD", "/v1/samples", ["Accept-Encoding": "gzip"])
            #expect(head["Content-Length"] == answer["Content-Length"] && head["Content-Encoding"] == answer["Content-Encoding"])
        }
    }

    @Test func `what has a version stays as it is, so that its tag does too`() async throws {
        let json = #"{"version":7,"a":""# + String(repeating: "x", count: 5000) + #""}"#
        try await Shim.run(channel: FakeChannel { _ in ClientReply(payload: ByteBuffer(string: json)) }) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples/s_1", ["Accept-Encoding": "gzip"])
            #expect(answer["Content-Encoding"] == nil && answer["ETag"] == #""7""# && answer["Vary"] == nil)
        }
    }

    @Test func `the description of the API has a tag of its own in gzip`() async throws {
        try await Shim.run { shim async throws in
            let plain = try await shim.ask("GET", "/openapi.json", role: nil)
            let gzip = try await shim.ask("GET", "/openapi.json", ["Accept-Encoding": "gzip"], role: nil)
            #expect(gzip["Content-Encoding"] == "gzip" && plain["Content-Encoding"] == nil)
            #expect(plain["Vary"] == "Accept-Encoding" && gzip["Vary"] == "Accept-Encoding")
            #expect(try Self.gunzip(gzip.body) == plain.body)
            #expect(gzip.body.count < plain.body.count / 4)
            let (plainTag, gzipTag) = (try #require(plain["ETag"]), try #require(gzip["ETag"]))
            #expect(plainTag != gzipTag)
            for (tag, coding, status) in [
                (gzipTag, "gzip", 304), (plainTag, "gzip", 200), (plainTag, "identity", 304), (gzipTag, "identity", 200),
                ("\(gzipTag), \(plainTag)", "gzip", 304),
            ] {
                let answer = try await shim.ask("GET", "/openapi.json", ["If-None-Match": tag, "Accept-Encoding": coding], role: nil)
                #expect(answer.status == status && answer["Vary"] == "Accept-Encoding")
                #expect(answer["ETag"] == (coding == "gzip" ? gzipTag : plainTag))
            }
        }
    }

    /// The system's own tool, so that the two ends of the coding aren't ours both.
    private static func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc"]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let writing = Thread {
            try? input.fileHandleForWriting.write(contentsOf: Data(bytes)); try? input.fileHandleForWriting.close()
        }
        writing.start()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return Array(text)
    }
}

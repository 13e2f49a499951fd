import NIOCore
import Testing

@testable import HTTP2

/// What RFC 9113 says of frames that must not come, section by section: each ends its stream, or the connection, for the reason that
/// the section gives.
@Suite struct ConformanceTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let outcome: CoreClient.Outcome
        let act: @Sendable (inout CoreClient) -> Void

        init(_ name: String, _ outcome: CoreClient.Outcome, _ act: @escaping @Sendable (inout CoreClient) -> Void) {
            (self.name, self.outcome, self.act) = (name, outcome, act)
        }

        var testDescription: String { name }
    }

    static let (protocolError, streamClosed, frameSize, compression): (UInt32, UInt32, UInt32, UInt32) = (1, 5, 6, 9)

    private func check(_ test: Case) {
        var client = CoreClient()
        test.act(&client)
        let outcome = client.outcome()
        #expect(outcome == test.outcome)
        if case .goAway = outcome { #expect(client.hasFailed) } else { #expect(!client.hasFailed) }
    }

    // MARK: 3 and 4: beginnings and frames

    @Test(arguments: [
        ("no preface", "GET / HTTP/1.1\r\n\r\nHost: x\r\n\r\n"), ("a preface that is wrong at its end", "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX"),
    ])
    func `what doesn't begin with the preface`(name: String, begin: String) {
        var client = CoreClient(isGreeted: false)
        client.send(ByteBuffer(string: begin))
        #expect(client.outcome() == .goAway(Self.protocolError))
    }

    @Test(arguments: [(UInt8(6), UInt8(0), 8), (4, 1, 0)])
    func `the first frame is SETTINGS`(kind: UInt8, flags: UInt8, length: Int) {
        var client = CoreClient(isGreeted: false)
        client.send(CoreClient.preface)
        client.send(kind, flags, ByteBuffer(repeating: 0, count: length))
        #expect(client.outcome() == .goAway(Self.protocolError))
    }

    @Test func `the server's SETTINGS come first, and the client's are acknowledged`() {
        var client = CoreClient(isGreeted: false)
        client.send(CoreClient.preface)
        client.send(4)
        client.read()
        #expect(client.frames.map(\.kind) == [4, 8, 4] && client.frames[2].flags == 1 && client.frames[2].payload.readableBytes == 0)
    }

    static let frames = [
        Case("a frame of an unknown kind is passed over", .fine) { $0.send(99, 0xFF, stream: 5, ByteBuffer(string: "what")) },
        Case("flags without a meaning are passed over", .fine) {
            $0.send(6, 0xFE, ByteBuffer(repeating: 1, count: 8))
        },
        Case("the reserved bit is passed over", .fine) { $0.send(6, stream: 0x8000_0000, ByteBuffer(repeating: 1, count: 8)) },
        Case("a frame as long as may be", .fine) {
            $0.request(1, isEnd: false)
            $0.send(0, stream: 1, ByteBuffer(repeating: 0, count: 16_384))
        },
        Case("DATA that is too long", .goAway(frameSize)) {
            $0.request(1, isEnd: false)
            $0.send(0, stream: 1, ByteBuffer(repeating: 0, count: 16_385))
        },
        Case("a header that is too long", .goAway(frameSize)) { $0.send(1, 5, stream: 1, ByteBuffer(repeating: 0, count: 16_385)) },
        Case("a header that can't be unpacked", .goAway(compression)) { $0.send(1, 5, stream: 1, ByteBuffer(bytes: [0xBE])) },
        Case("a PRIORITY within a header", .goAway(protocolError)) {
            $0.send(1, 1, stream: 1, $0.block())
            $0.send(2, stream: 1, ByteBuffer(repeating: 0, count: 5))
        },
        Case("another stream's header within a header", .goAway(protocolError)) {
            $0.send(1, 1, stream: 1, $0.block())
            $0.send(1, 5, stream: 3, $0.block())
        },
        Case("a frame of an unknown kind within a header", .goAway(protocolError)) {
            $0.send(1, 1, stream: 1, $0.block())
            $0.send(99, stream: 1)
        },
    ]

    @Test(arguments: frames) func `4, frames`(test: Case) { check(test) }

    // MARK: 5: streams

    static let streams = [
        Case("DATA on an idle stream", .goAway(protocolError)) { $0.send(0, 1, stream: 1, ByteBuffer(string: "a")) },
        Case("RST_STREAM on an idle stream", .goAway(protocolError)) { $0.send(3, stream: 1, number: 8) },
        Case("WINDOW_UPDATE on an idle stream", .goAway(protocolError)) { $0.send(8, stream: 1, number: 100) },
        Case("CONTINUATION on an idle stream", .goAway(protocolError)) { $0.send(9, 4, stream: 1, $0.block()) },
        Case("PRIORITY on an idle stream", .fine) { $0.send(2, stream: 5, ByteBuffer(repeating: 0, count: 5)) },
        Case("DATA behind the end", .reset(streamClosed)) {
            $0.request(1)
            $0.send(0, 1, stream: 1, ByteBuffer(string: "a"))
        },
        Case("a header behind the end", .reset(streamClosed)) {
            $0.request(1)
            $0.request(1)
        },
        Case("WINDOW_UPDATE and PRIORITY behind the end", .fine) {
            $0.request(1)
            $0.send(8, stream: 1, number: 1)
            $0.send(2, stream: 1, ByteBuffer(repeating: 0, count: 5))
        },
        Case("DATA behind RST_STREAM", .reset(streamClosed)) {
            $0.request(1, isEnd: false)
            $0.send(3, stream: 1, number: 8)
            $0.send(0, 1, stream: 1, ByteBuffer(string: "a"))
        },
        Case("a header behind RST_STREAM", .goAway(streamClosed)) {
            $0.request(1, isEnd: false)
            $0.send(3, stream: 1, number: 8)
            $0.request(1)
        },
        Case("a header behind both ends", .goAway(streamClosed)) {
            $0.request(1)
            $0.answer(1)
            $0.request(1)
        },
        Case("DATA behind both ends", .reset(streamClosed)) {
            $0.request(1)
            $0.answer(1)
            $0.send(0, 1, stream: 1, ByteBuffer(string: "a"))
        },
        Case("WINDOW_UPDATE, RST_STREAM and PRIORITY behind both ends", .fine) {
            $0.request(1)
            $0.answer(1)
            $0.send(8, stream: 1, number: 1)
            $0.send(3, stream: 1, number: 8)
            $0.send(2, stream: 1, ByteBuffer(repeating: 0, count: 5))
        },
        Case("a stream of an even id", .goAway(protocolError)) { $0.request(2) },
        Case("a stream of a lower id", .goAway(protocolError)) {
            $0.request(5)
            $0.request(3)
        },
        Case("a header that depends on itself", .reset(protocolError)) {
            var payload = ByteBuffer()
            payload.writeMultipleIntegers(UInt32(1), UInt8(15))
            payload.writeImmutableBuffer($0.block())
            $0.send(1, 0x25, stream: 1, payload)
        },
    ]

    @Test(arguments: streams) func `5, streams`(test: Case) { check(test) }

    @Test func `what crosses a reset is passed over`() {
        var client = CoreClient()
        client.request(1, isEnd: false)
        client.core.reset(1, .cancel)
        client.send(0, stream: 1, ByteBuffer(string: "a"))
        client.send(8, stream: 1, number: 1)
        client.send(1, 5, stream: 1, client.block([("grpc-status", "0")]))
        #expect(client.outcome() == .reset(8) && client.frames(3).count == 1 && client.closed == [1])
        client.request(3)
        #expect(client.ended == [3])
    }
}

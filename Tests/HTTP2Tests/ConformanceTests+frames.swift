import NIOCore
import Testing

@testable import HTTP2

/// The same of section 6, each kind of frame, and of section 8, what a request is.
@Suite struct FrameConformanceTests {
    typealias Case = ConformanceTests.Case

    static let (protocolError, flowControl, streamClosed, frameSize): (UInt32, UInt32, UInt32, UInt32) = (1, 3, 5, 6)
    static let enhanceYourCalm: UInt32 = 11

    private func check(_ test: Case) {
        var client = CoreClient()
        test.act(&client)
        #expect(client.outcome() == test.outcome)
    }

    static let kinds = [
        Case("6.1 DATA on stream 0", .goAway(protocolError)) { $0.send(0, ByteBuffer(string: "a")) },
        Case("6.1 padding as long as the frame", .goAway(protocolError)) {
            $0.request(1, isEnd: false)
            $0.send(0, 9, stream: 1, ByteBuffer(bytes: [4, 0, 0, 0]))
        },
        Case("6.1 padding that fills the frame", .fine) {
            $0.request(1, isEnd: false)
            $0.send(0, 9, stream: 1, ByteBuffer(bytes: [3, 0, 0, 0]))
        },
        Case("6.2 a header on stream 0", .goAway(protocolError)) { $0.request(0) },
        Case("6.2 padding longer than the header", .goAway(protocolError)) { $0.send(1, 0xD, stream: 1, ByteBuffer(bytes: [9, 0x82])) },
        Case("6.2 a priority that is cut", .goAway(frameSize)) { $0.send(1, 0x25, stream: 1, ByteBuffer(bytes: [0, 0, 0])) },
        Case("6.3 PRIORITY on stream 0", .goAway(protocolError)) { $0.send(2, ByteBuffer(repeating: 0, count: 5)) },
        Case("6.3 PRIORITY of another length", .reset(frameSize)) {
            $0.request(1, isEnd: false)
            $0.send(2, stream: 1, ByteBuffer(repeating: 0, count: 4))
        },
        Case("6.3 a stream that depends on itself", .reset(protocolError)) {
            $0.request(1, isEnd: false)
            $0.send(2, stream: 1, ByteBuffer(bytes: [0, 0, 0, 1, 15]))
        },
        Case("6.4 RST_STREAM on stream 0", .goAway(protocolError)) { $0.send(3, number: 8) },
        Case("6.4 RST_STREAM of another length", .goAway(frameSize)) {
            $0.request(1, isEnd: false)
            $0.send(3, stream: 1, ByteBuffer(repeating: 0, count: 3))
        },
        Case("6.5 an acknowledgement that says something", .goAway(frameSize)) { $0.send(4, 1, ByteBuffer(repeating: 0, count: 6)) },
        Case("6.5 SETTINGS on a stream", .goAway(protocolError)) { $0.send(4, stream: 1) },
        Case("6.5 SETTINGS of another length", .goAway(frameSize)) { $0.send(4, ByteBuffer(repeating: 0, count: 5)) },
        Case("6.5 a setting that nobody knows", .fine) { $0.send(4, setting(0xFF, 1)) },
        Case("6.5 ENABLE_PUSH that is no flag", .goAway(protocolError)) { $0.send(4, setting(2, 2)) },
        Case("6.5 a window larger than can be", .goAway(flowControl)) { $0.send(4, setting(4, 0x8000_0000)) },
        Case("6.5 frames shorter than have to be taken", .goAway(protocolError)) { $0.send(4, setting(5, 16_383)) },
        Case("6.5 frames longer than can be", .goAway(protocolError)) { $0.send(4, setting(5, 0x100_0000)) },
        Case("6.6 PUSH_PROMISE by a client", .goAway(protocolError)) { $0.send(5, 4, stream: 1, ByteBuffer(integer: UInt32(2))) },
        Case("6.7 PING on a stream", .goAway(protocolError)) { $0.send(6, stream: 1, ByteBuffer(repeating: 0, count: 8)) },
        Case("6.7 PING of another length", .goAway(frameSize)) { $0.send(6, ByteBuffer(repeating: 0, count: 6)) },
        Case("6.8 GOAWAY on a stream", .goAway(protocolError)) { $0.send(7, stream: 1, ByteBuffer(repeating: 0, count: 8)) },
        Case("6.8 GOAWAY that is cut", .goAway(frameSize)) { $0.send(7, ByteBuffer(repeating: 0, count: 7)) },
        Case("6.8 GOAWAY", .fine) { $0.send(7, ByteBuffer(repeating: 0, count: 12)) },
        Case("6.9 WINDOW_UPDATE by 0", .goAway(protocolError)) { $0.send(8, number: 0) },
        Case("6.9 WINDOW_UPDATE of a stream by 0", .reset(protocolError)) {
            $0.request(1, isEnd: false)
            $0.send(8, stream: 1, number: 0)
        },
        Case("6.9 WINDOW_UPDATE of another length", .goAway(frameSize)) { $0.send(8, ByteBuffer(repeating: 1, count: 3)) },
        Case("6.9 a window that overflows", .goAway(flowControl)) { $0.send(8, number: 0x7FFF_FFFF) },
        Case("6.9 a stream's window that overflows", .reset(flowControl)) {
            $0.request(1, isEnd: false)
            $0.send(8, stream: 1, number: 0x7FFF_FFFF)
        },
        Case("6.9 a window that a setting makes overflow", .goAway(flowControl)) {
            $0.request(1, isEnd: false)
            $0.send(8, stream: 1, number: 0x7FFF_FFFF - 65_535)
            $0.send(4, setting(4, 65_536))
        },
        Case("6.10 a header in many pieces", .fine) {
            var block = $0.block()
            $0.send(1, 1, stream: 1, block.readSlice(length: 1) ?? ByteBuffer())
            $0.send(9, 0, stream: 1, block.readSlice(length: 1) ?? ByteBuffer())
            $0.send(9, 4, stream: 1, block)
        },
        Case("6.10 CONTINUATION behind the header's end", .goAway(protocolError)) {
            $0.request(1, isEnd: false)
            $0.send(9, 4, stream: 1, $0.block())
        },
        Case("6.10 CONTINUATION on stream 0", .goAway(protocolError)) {
            $0.send(1, 1, stream: 1, $0.block())
            $0.send(9, 4, $0.block())
        },
        Case("6.10 CONTINUATION of another stream", .goAway(protocolError)) {
            $0.send(1, 1, stream: 1, $0.block())
            $0.send(9, 4, stream: 3, $0.block())
        },
        Case("6.10 more CONTINUATIONs than are taken", .goAway(enhanceYourCalm)) {
            $0.send(1, 1, stream: 1, $0.block())
            for _ in 0..<6 { $0.send(9, stream: 1) }
        },
    ]

    @Test(arguments: kinds) func `6, kinds of frames`(test: Case) { check(test) }

    @Test func `a PING is answered with what it said`() {
        var client = CoreClient()
        client.send(6, ByteBuffer(string: "12345678"))
        client.send(6, 1, ByteBuffer(string: "87654321"))
        #expect(client.frames(6) == [CoreClient.Frame(kind: 6, flags: 1, payload: ByteBuffer(string: "12345678"))])
    }

    // MARK: 8: requests

    @Test(arguments: [
        ("a capital letter in a name", [("X-Test", "1")]), ("a space in a name", [("x test", "1")]),
        ("a line break in a value", [("x", "a\r\nb")]), ("a zero in a value", [("x", "a\0b")]), ("a space before a value", [("x", " a")]),
        ("an unknown pseudo-field", [(":test", "1")]), ("a pseudo-field of an answer", [(":status", "200")]),
        ("a pseudo-field behind others", [("x", "1"), (":authority", "h")]), ("a pseudo-field twice", [(":path", "/")]),
        ("connection", [("connection", "close")]), ("transfer-encoding", [("transfer-encoding", "chunked")]),
        ("upgrade", [("upgrade", "h2c")]), ("keep-alive", [("keep-alive", "1")]), ("te that says more", [("te", "trailers, deflate")]),
        ("a length that is no number", [("content-length", "1x")]), ("a negative length", [("content-length", "-1")]),
        ("two lengths", [("content-length", "1"), ("content-length", "2")]),
    ])
    func `a request that is none ends its stream`(name: String, fields: [(String, String)]) {
        var client = CoreClient()
        let begin = [(":method", "POST"), (":scheme", "http"), (":path", "/")]
        client.request(1, begin + fields, isEnd: false)
        #expect(client.outcome() == .reset(Self.protocolError) && client.streams.isEmpty)
        client.request(3)
        #expect(client.ended == [3] && !client.hasFailed)
    }

    @Test func `a field without a name ends its stream`() {
        var client = CoreClient()
        var block = client.block()
        block.writeImmutableBuffer(ByteBuffer(hexadecimal: "00000131"))
        client.send(1, 5, stream: 1, block)
        #expect(client.outcome() == .reset(Self.protocolError) && client.streams.isEmpty)
    }

    @Test(arguments: [":method", ":scheme", ":path"])
    func `a request without what it needs ends its stream`(missing: String) {
        var client = CoreClient()
        client.request(1, CoreClient.request.filter { $0.0 != missing })
        client.request(3, CoreClient.request.map { $0.0 == missing ? ($0.0, "") : $0 })
        #expect(client.frames(3).map(\.stream) == [1, 3] && client.streams.isEmpty)
    }

    @Test func `CONNECT has an authority and no more`() {
        var client = CoreClient()
        client.request(1, [(":method", "CONNECT"), (":authority", "h:1")])
        client.request(3, [(":method", "CONNECT"), (":authority", "h:1"), (":path", "/"), (":scheme", "http")])
        #expect(client.ended == [1] && client.frames(3).map(\.stream) == [3])
    }

    @Test(arguments: [("5", "12345", true), ("4", "12345", false), ("6", "12345", false)])
    func `a body is as long as its header says`(length: String, body: String, isTaken: Bool) {
        var client = CoreClient()
        client.request(1, CoreClient.request + [("content-length", length)], isEnd: false)
        for (offset, letter) in body.enumerated() {
            client.send(0, offset == body.count - 1 ? 1 : 0, stream: 1, ByteBuffer(string: String(letter)))
        }
        #expect(client.outcome() == (isTaken ? .fine : .reset(Self.protocolError)))
        #expect(client.ended == (isTaken ? [1] : []))
    }

    @Test func `a length without a body is none`() {
        var client = CoreClient()
        client.request(1, CoreClient.request + [("content-length", "5")])
        #expect(client.outcome() == .reset(Self.protocolError))
    }

    @Test func `trailers end a request, and what is none ends its stream`() {
        var client = CoreClient()
        for stream in [1, 3, 5] as [UInt32] { client.request(stream, isEnd: false) }
        client.send(1, 5, stream: 1, client.block([("x", "1")]))
        client.send(1, 4, stream: 3, client.block([("x", "1")]))
        client.send(1, 5, stream: 5, client.block([(":path", "/")]))
        #expect(client.ended == [1] && client.frames(3).map(\.stream) == [3, 5])
    }

    static func setting(_ name: UInt16, _ value: UInt32) -> ByteBuffer {
        var payload = ByteBuffer()
        payload.writeMultipleIntegers(name, value)
        return payload
    }
}

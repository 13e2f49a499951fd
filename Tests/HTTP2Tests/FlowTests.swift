import NIOCore
import Testing

@testable import HTTP2

/// Windows, turns and paces (RFC 9113, 5.2 and 10.5).
@Suite struct FlowTests {
    private static func text(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test func `an answer waits for its window, byte by byte, and trailers come behind it`() {
        var client = CoreClient()
        client.send(4, FrameConformanceTests.setting(4, 1))
        client.request(1)
        client.answer(1, "abc")
        #expect(client.frames(0).map { String(buffer: $0.payload) } == ["a"] && client.closed.isEmpty)
        client.send(8, stream: 1, number: 1)
        client.send(8, stream: 1, number: 1)
        #expect(client.frames(0).map { String(buffer: $0.payload) } == ["a", "b", "c"] && client.closed == [1])
        let headers = client.frames(1)
        #expect(headers.map(\.flags) == [4, 5])
        #expect(headers.map { client.fields(of: $0) } == [[":status: 200"], ["grpc-status: 0"]])
    }

    @Test func `a window that is made smaller than what was sent is grown before more comes`() {
        var client = CoreClient()
        client.request(1)
        client.answer(1, Self.text(70_000))
        client.send(8, number: 100_000)
        #expect(client.frames(0).map(\.payload.readableBytes).reduce(0, +) == 65_535)
        client.send(4, FrameConformanceTests.setting(4, 10))
        client.send(8, stream: 1, number: 65_525)
        #expect(client.frames(0).map(\.payload.readableBytes).reduce(0, +) == 65_535)
        client.send(8, stream: 1, number: 1)
        #expect(client.frames(0).map(\.payload.readableBytes).reduce(0, +) == 65_536)
        client.send(4, FrameConformanceTests.setting(4, 100_000))
        #expect(client.frames(0).map(\.payload.readableBytes).reduce(0, +) == 70_000 && client.closed == [1])
    }

    @Test func `answers share the connection's window in turns`() {
        var client = CoreClient()
        client.send(4, FrameConformanceTests.setting(4, 1_000_000))
        for stream in [1, 3, 5] as [UInt32] { client.request(stream) }
        client.answer(5, Self.text(65_535))
        for stream in [1, 3] as [UInt32] { client.answer(stream, Self.text(60_000)) }
        client.send(8, number: 1_000_000)
        #expect(client.frames(0).map(\.stream) == [5, 5, 5, 5, 1, 3, 1, 3, 1, 3, 1, 3])
        #expect(client.closed == [5, 1, 3])
    }

    @Test func `an answer that can't leave at once is bounded, and goes on when there is room`() {
        var client = CoreClient()
        client.send(4, FrameConformanceTests.setting(4, 0x7FFF_FFFF))
        client.send(8, number: 0x7FFF_0000)
        client.request(1)
        client.core.output.isWritable = false
        client.answer(1, Self.text(1 << 20))
        #expect(client.core.output.byteCount < 1000)
        client.core.output.isWritable = true
        client.core.goOn()
        #expect((64 << 10..<96 << 10).contains(client.core.output.byteCount))
        #expect(client.frames(0).map(\.payload.readableBytes).reduce(0, +) == 1 << 20 && client.closed == [1])
    }

    @Test func `a body is granted more when half of its window is used`() {
        var limits = HTTP2Limits()
        limits.streamWindowByteCount = 65_535
        var client = CoreClient(limits)
        client.request(1, isEnd: false)
        client.send(0, stream: 1, ByteBuffer(repeating: 0, count: 16_384))
        #expect(client.frames(8).isEmpty)
        client.send(0, stream: 1, ByteBuffer(repeating: 0, count: 16_384))
        #expect(client.frames(8).map(\.stream) == [1])
        #expect(client.frames(8).map { $0.payload.getInteger(at: $0.payload.readerIndex, as: UInt32.self) } == [32_768])
    }

    @Test func `who sends more than was granted ends his stream, and more than all may the connection`() {
        var limits = HTTP2Limits()
        limits.streamWindowByteCount = 1 << 20
        limits.connectionWindowByteCount = 65_535
        var client = CoreClient(limits)
        client.core.receiveWindow = ReceiveWindow(0, initial: 10)
        client.request(1, isEnd: false)
        client.send(0, stream: 1, ByteBuffer(repeating: 0, count: 11))
        #expect(client.outcome() == .goAway(3))

        client = CoreClient()
        client.request(1, isEnd: false)
        client.streams[1]?.receiveWindow = ReceiveWindow(0, initial: 10)
        client.send(0, stream: 1, ByteBuffer(repeating: 0, count: 11))
        #expect(client.outcome() == .reset(3))
    }

    // MARK: Paces

    @Test func `resets may come so often in a while`() {
        var limits = HTTP2Limits()
        limits.resetCount = 3
        var client = CoreClient(limits)
        for number in 0..<3 as Range<UInt32> {
            client.request(2 * number + 1)
            client.send(3, stream: 2 * number + 1, number: 8)
        }
        client.now = client.now + limits.paceOfResets
        for number in 3..<6 as Range<UInt32> {
            client.request(2 * number + 1)
            client.send(3, stream: 2 * number + 1, number: 8)
        }
        #expect(client.outcome() == .fine && client.closed.count == 6)
        client.request(101)
        client.send(3, stream: 101, number: 8)
        #expect(client.outcome() == .goAway(11))
    }

    @Test func `broken requests may come so often in a while`() {
        var limits = HTTP2Limits()
        limits.resetCount = 3
        var client = CoreClient(limits)
        for number in 0..<3 as Range<UInt32> { client.request(2 * number + 1, [("x", "1")]) }
        #expect(client.outcome() == .reset(1))
        client.request(7, [("x", "1")])
        #expect(client.outcome() == .goAway(11))
    }

    @Test(arguments: [(UInt8(4), 0), (6, 8), (2, 5), (77, 0)])
    func `frames that carry nothing may come so often in a while`(kind: UInt8, length: Int) {
        var limits = HTTP2Limits()
        limits.controlFrameCount = 10
        var client = CoreClient(limits)
        client.now = client.now + limits.paceOfControlFrames
        for _ in 0..<10 { client.send(kind, stream: kind == 2 ? 1 : 0, ByteBuffer(repeating: 0, count: length)) }
        #expect(client.outcome() == .fine)
        client.send(kind, stream: kind == 2 ? 1 : 0, ByteBuffer(repeating: 0, count: length))
        #expect(client.outcome() == .goAway(11))
    }

    @Test func `empty DATA may come so often without a byte between`() {
        var client = CoreClient()
        client.request(1, isEnd: false)
        for _ in 0..<3 {
            for _ in 0..<10 { client.send(0, stream: 1) }
            client.send(0, stream: 1, ByteBuffer(string: "a"))
        }
        #expect(client.outcome() == .fine)
        for _ in 0..<11 { client.send(0, 8, stream: 1, ByteBuffer(bytes: [1, 0])) }
        #expect(client.outcome() == .goAway(11))
    }

    // MARK: The table of streams

    @Test func `streams are found whatever ids they have`() {
        var table = StreamTable()
        let ids = (0..<200).map { UInt32(truncatingIfNeeded: 2 * ($0 * 37 % 1009) + 1) }
        for id in ids { table.insert(HTTP2Stream(id, sendWindow: 0, receiveWindow: ReceiveWindow(0))) }
        for id in ids where id % 3 == 0 { table.remove(id) }
        for id in ids { #expect((table[id] != nil) == (id % 3 != 0)) }
        #expect(table.count == ids.filter { $0 % 3 != 0 }.count && table.all.count == table.count)
    }
}

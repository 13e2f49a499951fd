import NIOCore
import Testing

@testable import RPC

/// What all connections of a server together keep in memory for their peers.
@Suite struct HeldBytesTests {
    private let large = 100_000

    @Test func `an incomplete frame is counted as it grows, and given back when it is lost`() {
        var server = ConnectedServer.greeted()
        let (beginning, rest) = ConnectedServer.request(1, byteCount: large).cut(at: 40_000)
        _ = server.receive(beginning)
        #expect(server.load.heldBytes == 40_000)
        let (more, _) = rest.cut(at: 40_000)
        _ = server.receive(more)
        #expect(server.load.heldBytes == 80_000)
        server.core.lost()
        #expect(server.load.heldBytes == 0)
    }

    @Test func `a request is counted until its handler returns`() throws {
        var server = ConnectedServer.greeted()
        let events = server.receive(ConnectedServer.request(1, byteCount: large))
        let call = try #require(events.first?.call)
        #expect(server.load.heldBytes == large + Request.fixedByteCount)
        #expect(server.load.callsInFlight == 1)
        _ = server.calls.finish(call, with: .done, on: &server.core, at: server.now)
        #expect(server.load.heldBytes == 0)
        #expect(server.load.callsInFlight == 0)
    }

    @Test func `what is too much is read past and refused unprocessed, and others are served meanwhile`() throws {
        var server = ConnectedServer.greeted(maximumHeldBytes: 120_000)
        let (beginning, rest) = ConnectedServer.request(1, byteCount: large).cut(at: 95_000)
        _ = server.receive(beginning)
        #expect(server.load.heldBytes == 0)
        #expect(server.core.inboundBytes == 0)
        var next = rest
        next.writeImmutableBuffer(ConnectedServer.request(3, byteCount: 10))
        let events = server.receive(next)
        guard case .refused(.echo, .unavailable) = try #require(events.first) else {
            Issue.record("the large request was not refused")
            return
        }
        #expect(events.last?.call?.streamID == 3)
        let written = server.written()
        let answer = try #require(written.first)
        #expect(answer.header.flags & FrameFlags.notProcessed != 0)
        #expect(try Response(reading: answer).code == .unavailable)
        #expect(server.isOpen)
    }

    @Test func `damage in what is read past is noticed`() {
        var server = ConnectedServer.greeted(maximumHeldBytes: 120_000)
        var (beginning, rest) = ConnectedServer.request(1, byteCount: large).cut(at: 95_000)
        _ = server.receive(beginning)
        rest.setInteger(UInt8(0xFF), at: rest.readerIndex + 100)
        let events = server.receive(rest)
        #expect(events.first?.fault?.reason == .checksumMismatch)
    }

    @Test func `large requests that are never finished don't keep out small ones`() throws {
        let room = 1_000_000
        var stranger = ConnectedServer.greeted(maximumHeldBytes: room)
        var others: [ConnectionCore] = []
        for _ in 0..<20 {
            var core = ConnectionCore(role: .server, limits: ConnectionLimits(), rules: ConnectedServer.patience, load: stranger.load)
            var bytes = RawConnection.greeting
            let (beginning, _) = ConnectedServer.request(1, byteCount: large).cut(at: large - 10)
            bytes.writeImmutableBuffer(beginning)
            core.opened(at: stranger.now)
            core.receive(bytes, at: stranger.now)
            while core.nextFrame(at: stranger.now) != nil {}
            others.append(core)
        }
        #expect(stranger.load.heldBytes <= room / 4 * 3)
        #expect(stranger.load.heldBytes > room / 2)
        let events = stranger.receive(ConnectedServer.request(1, byteCount: 10_000))
        #expect(events.first?.call?.streamID == 1)
    }

    @Test(arguments: [1, 16, 100, 65_536])
    func `consumed bytes go at once, however reads are cut`(readSize: Int) throws {
        var server = ConnectedServer.greeted()
        var bytes = ByteBuffer()
        for call in 0..<8 as Range<UInt32> { bytes.writeImmutableBuffer(ConnectedServer.request(2 * call + 1, byteCount: 5000)) }
        while let read = bytes.readSlice(length: min(readSize, bytes.readableBytes)), read.readableBytes > 0 {
            for call in server.receive(ByteBuffer(bytes: read.readableBytesView)).compactMap(\.call) {
                _ = server.calls.finish(call, with: .done, on: &server.core, at: server.now)
            }
            #expect(server.core.inboundBytes < 5056)
            #expect(server.load.heldBytes == server.core.inboundBytes)
        }
        let written = server.written()
        #expect(written.count == 8)
        #expect(server.load.heldBytes == 0)
    }

    @Test func `a frame that has no place here is refused by its header, before it is awaited`() throws {
        var server = ConnectedServer()
        var bytes = ByteBuffer()
        Preface().write(to: &bytes)
        let (header, _) = ConnectedServer.request(1, byteCount: large).cut(at: FrameHeader.byteCount)
        bytes.writeImmutableBuffer(header)
        let events = server.receive(bytes)
        #expect(events.first?.fault?.reason == .protocolError)

        var greeted = ConnectedServer.greeted()
        var response = ByteBuffer()
        Response(outcome: .message(ByteBuffer(repeating: 0, count: large))).write(to: &response, streamID: 1)
        let ofGreeted = greeted.receive(response.cut(at: FrameHeader.byteCount).0)
        #expect(ofGreeted.first?.fault?.reason == .protocolError)
    }
}

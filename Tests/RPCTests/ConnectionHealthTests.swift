import NIOCore
import Testing

@testable import RPC

/// How long a connection is patient with its peer, to the millisecond.
@Suite(.timeLimit(.minutes(10))) struct ConnectionHealthTests {
    static let boundary: [(wait: TimeAmount, isOpen: Bool)] = [
        (.milliseconds(999), true), (.milliseconds(1000), false), (.milliseconds(1001), false),
    ]

    @Test(arguments: boundary)
    func `a frame that has begun must end in time`(wait: TimeAmount, isOpen: Bool) {
        var rules = ConnectedServer.patience
        rules.frameTimeout = .seconds(1)
        var server = ConnectedServer.greeted(rules: rules)
        let (beginning, rest) = ConnectedServer.request(1, byteCount: 1000).cut(at: 500)
        _ = server.receive(beginning)
        let events = server.wait(wait)
        #expect(server.isOpen == isOpen)
        #expect(events.first?.fault?.reason == (isOpen ? nil : .tooSlow))
        if isOpen {
            let events = server.receive(rest)
            #expect(events.first?.call?.streamID == 1)
        }
    }

    @Test func `the clock of a frame starts anew with each frame, however long the pipe stays full`() {
        var rules = ConnectedServer.patience
        rules.frameTimeout = .seconds(1)
        var server = ConnectedServer.greeted(rules: rules)
        var pipe = ByteBuffer()
        for number in 0..<20 as Range<UInt32> {
            pipe.writeImmutableBuffer(ConnectedServer.request(2 * number + 1, byteCount: 1000))
            let (most, rest) = pipe.cut(at: pipe.readableBytes - 500)
            pipe = rest
            let begun = server.receive(most).compactMap(\.call)
            #expect(begun.count == (number == 0 ? 0 : 1))
            for call in begun { _ = server.calls.finish(call, with: .done, on: &server.core, at: server.now) }
            _ = server.wait(.milliseconds(900))
            #expect(server.isOpen)
        }
        _ = server.wait(.milliseconds(100))
        #expect(!server.isOpen)
    }

    @Test(arguments: boundary)
    func `a connection without calls is closed when it is idle for long enough`(wait: TimeAmount, isOpen: Bool) {
        var rules = ConnectedServer.patience
        rules.idleTimeout = .seconds(1)
        var server = ConnectedServer.greeted(rules: rules)
        let events = server.wait(wait)
        #expect(events.first?.fault?.reason == (isOpen ? nil : .idle))
        #expect(server.isOpen == isOpen)
    }

    @Test func `short calls at a steady pace are no idleness, and neither is one long call`() throws {
        var rules = ConnectedServer.patience
        rules.idleTimeout = .seconds(1)
        var server = ConnectedServer.greeted(rules: rules)
        for number in 0..<10 as Range<UInt32> {
            let events = server.receive(ConnectedServer.request(2 * number + 1, byteCount: 1))
            let call = try #require(events.first?.call)
            _ = server.calls.finish(call, with: .done, on: &server.core, at: server.now)
            _ = server.wait(.milliseconds(900))
            #expect(server.isOpen)
        }
        let longEvents = server.receive(ConnectedServer.request(99, byteCount: 1))
        let long = try #require(longEvents.first?.call)
        server.calls.keep(long)
        _ = server.wait(.seconds(5))
        #expect(server.isOpen)
        _ = server.calls.finish(long, with: .done, on: &server.core, at: server.now)
        _ = server.wait(.milliseconds(999))
        #expect(server.isOpen)
        _ = server.wait(.milliseconds(1))
        #expect(!server.isOpen)
    }

    @Test(arguments: boundary)
    func `after a silence a sign of life is asked for, and must come in time`(wait: TimeAmount, isOpen: Bool) {
        var rules = ConnectedServer.patience
        rules.keepaliveInterval = .seconds(10)
        rules.keepaliveTimeout = .seconds(1)
        var server = ConnectedServer.greeted(rules: rules)
        _ = server.wait(.seconds(10))
        let written = server.written()
        #expect(written.map(\.header.type) == [FrameType.ping])
        let events = server.wait(wait)
        #expect(events.first?.fault?.reason == (isOpen ? nil : .tooSlow))
        guard isOpen else { return }
        var pong = ByteBuffer()
        pong.writeFrame(FrameType.pong) { $0.writeInteger(UInt64(0)) }
        _ = server.receive(pong)
        _ = server.wait(.seconds(5))
        #expect(server.isOpen)
    }

    @Test(arguments: boundary)
    func `a peer that reads nothing is closed in time`(wait: TimeAmount, isOpen: Bool) {
        var rules = ConnectedServer.patience
        rules.slowReaderTimeout = .seconds(1)
        var server = ConnectedServer.greeted(rules: rules)
        server.core.setUnsent(3_000_000, isWritable: false, at: server.now)
        #expect(!server.core.wantsToRead)
        let events = server.wait(wait)
        #expect(events.first?.fault?.reason == (isOpen ? nil : .tooSlow))
        #expect(server.isOpen == isOpen)
    }

    @Test func `a peer that reads slowly but steadily is not closed, and one that stops is`() {
        var rules = ConnectedServer.patience
        rules.slowReaderTimeout = .seconds(1)
        var server = ConnectedServer.greeted(rules: rules)
        var unsent = 30_000_000
        server.core.setUnsent(unsent, isWritable: false, at: server.now)
        for _ in 0..<20 {
            _ = server.wait(.milliseconds(999))
            #expect(server.isOpen)
            unsent -= server.core.limits.outboundHighWaterBytes
            server.core.setUnsent(unsent, isWritable: false, at: server.now)
        }
        unsent -= server.core.limits.outboundHighWaterBytes - 1
        server.core.setUnsent(unsent, isWritable: false, at: server.now)
        _ = server.wait(.seconds(1))
        #expect(!server.isOpen)
    }

    @Test func `where memory is short, patience with who doesn't read is a quarter`() {
        var rules = ConnectedServer.patience
        rules.slowReaderTimeout = .seconds(4)
        var server = ConnectedServer.greeted(rules: rules, maximumHeldBytes: 2_000_000)
        server.core.setUnsent(2_000_001, isWritable: false, at: server.now)
        _ = server.wait(.milliseconds(999))
        #expect(server.isOpen)
        _ = server.wait(.milliseconds(1))
        #expect(!server.isOpen)
    }

    @Test func `a client goes on reading while it can't write, and outwaits a server that sends answers first`() {
        var rules = ConnectedServer.patience
        rules.slowReaderTimeout = .seconds(1)
        var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var client = ConnectionCore(role: .client, limits: ConnectionLimits(), rules: rules)
        client.opened(at: now)
        client.receive(RawConnection.greeting, at: now)
        while client.nextFrame(at: now) != nil {}
        client.setUnsent(3_000_000, isWritable: false, at: now)
        #expect(client.wantsToRead)
        #expect(!client.mayWriteMore)
        for _ in 0..<5 {
            now = now + .milliseconds(900)
            client.receive(ByteBuffer(bytes: [0]), at: now)
            while client.nextFrame(at: now) != nil {}
            _ = client.advance(to: now)
            #expect(client.phase == .open)
        }
        _ = client.advance(to: now + .seconds(1))
        #expect(client.phase == .closing)
    }
}

extension Response {
    static let done = Response(outcome: .message(ByteBuffer()))
}

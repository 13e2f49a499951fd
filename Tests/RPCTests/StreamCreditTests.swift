import NIOCore
import Testing

@testable import RPC

/// What a stream may cost, and what becomes of a peer who doesn't keep to it: without sockets and clocks.
@Suite struct StreamCreditTests {
    @Test func `messages go while any credit is left, and wait with one message then`() throws {
        var server = ConnectedServer.greeted()
        let call = try server.beginStream(1, creditKiB: 1)
        var sent = 0
        while try server.send(100, on: call) { sent += 1 }
        #expect(sent == 9)  // 8 × 116 are less than 1,024
        try server.wait(100, on: call)
        #expect(server.written().count == 9)
        #expect(server.load.heldBytes == 100 + 40)
        #expect(throws: WriteUnderWay.self) { try server.send(1, on: call) }
    }

    @Test func `what was granted lets the waiting message go`() throws {
        var server = ConnectedServer.greeted()
        let call = try server.beginStream(1, creditKiB: 0)
        #expect(try !server.send(10, on: call))
        try server.wait(10, on: call)
        #expect(server.receive(.window(1, 1)).isEmpty)
        #expect(server.sendWaiting().contains { $0.goesOn })
        #expect(server.written().map(\.header.type) == [FrameType.data])
        #expect(try !server.send(10, on: call))
    }

    @Test func `a grant of nothing, and one of too much, close the connection`() throws {
        for grants in [[0], [UInt32.max], [1 << 30, 1 << 30]] as [[UInt32]] {
            var server = ConnectedServer.greeted()
            _ = try server.beginStream(1, creditKiB: 1)
            let events = grants.flatMap { server.receive(.window($0, 1)) }
            #expect(events.compactMap(\.fault).map(\.reason) == [.protocolError])
        }
    }

    @Test func `a flood of grants closes the connection, on a stream and beside one`() throws {
        for streamID in [1, 7] as [UInt32] {
            var server = ConnectedServer.greeted()
            _ = try server.beginStream(1, creditKiB: 1)
            for _ in 0..<200 { #expect(server.receive(.window(1, streamID)).isEmpty) }
            let events = (0..<10).flatMap { _ in server.receive(.window(1, streamID)) }
            #expect(events.compactMap(\.fault).map(\.reason) == [.tooManyControlFrames])
        }
    }

    @Test func `a grant for each message is no flood`() throws {
        var server = ConnectedServer.greeted()
        let call = try server.beginStream(1, creditKiB: 1)
        for _ in 0..<2000 {
            #expect(try server.send(100, on: call))
            #expect(server.receive(.window(116, 1)).isEmpty)
            _ = server.core.takeOutbound()
        }
        #expect(server.isOpen)
    }

    @Test func `grants that cross the end of their streams are passed over`() throws {
        var server = ConnectedServer.greeted()
        for streamID in stride(from: UInt32(1), to: 400, by: 2) {
            let call = try server.beginStream(streamID, creditKiB: 1)
            _ = server.calls.finish(call, with: Response(outcome: .message(ByteBuffer())), on: &server.core, at: server.now)
        }
        for streamID in stride(from: UInt32(1), to: 400, by: 2) {
            for _ in 0..<3 { #expect(server.receive(.window(512, streamID)).isEmpty) }
        }
        #expect(server.isOpen)
    }

    @Test func `a stream that is cancelled while it waits holds nothing any more`() throws {
        var server = ConnectedServer.greeted()
        let call = try server.beginStream(1, creditKiB: 0)
        try server.wait(5000, on: call)
        var cancel = ByteBuffer()
        cancel.writeCancel(streamID: 1)
        #expect(server.receive(cancel).count == 1)
        #expect(server.load.heldBytes == 40)
        #expect(throws: RPCError.cancelled) { try server.send(1, on: call) }
        _ = server.calls.finish(call, with: Response(outcome: .error(.cancelled)), on: &server.core, at: server.now)
        #expect(server.load.heldBytes == 0)
        #expect(server.load.streamsInFlight == 0)
        #expect(server.load.callsInFlight == 0)
    }

    @Test func `the deadline ends a stream that nobody grants anything`() throws {
        var server = ConnectedServer.greeted()
        let call = try server.beginStream(1, creditKiB: 0, timeoutMilliseconds: 5000)
        try server.wait(10, on: call)
        let events = server.wait(.seconds(5))
        #expect(events.count == 1)
        #expect(server.load.heldBytes == 40)
        #expect(try server.written().map { try Response(reading: $0).code } == [.deadlineExceeded])
    }

    @Test func `a message that is larger than the client accepts is not sent`() throws {
        var server = ConnectedServer.greeted()
        let call = try server.beginStream(1, creditKiB: 1)
        #expect(throws: MessageTooLarge.self) { try server.send(4 * 1024 * 1024 + 1, on: call) }
    }

    @Test func `a connection that is not read makes its streams wait, and lets them go on in turn`() throws {
        var server = ConnectedServer.greeted()
        let calls = [try server.beginStream(1, creditKiB: 10_000), try server.beginStream(3, creditKiB: 10_000)]
        server.core.setUnsent(2_000_000, isWritable: false, at: server.now)
        for call in calls {
            #expect(try !server.send(10, on: call))
            try server.wait(10, on: call)
        }
        server.core.setUnsent(0, isWritable: true, at: server.now)
        #expect(server.sendWaiting().count == 2)
        #expect(server.written().map(\.header.streamID) == [1, 3])
    }

    @Test func `a server that sends more than it was granted is left`() {
        for messages in [[2000, 1], [0, 0]] {
            var client = ConnectedClient()
            _ = client.beginStream(creditKiB: messages[0] == 0 ? 0 : 1)
            let events = messages.flatMap { client.receive(.data($0, 1)) }
            #expect(events.compactMap(\.fault).map(\.reason) == [.protocolError])
        }
    }

    @Test func `a message for a call that wants none, or that was never made, closes the connection`() {
        for streamID in [1, 3] as [UInt32] {
            var client = ConnectedClient()
            client.beginCall()
            #expect(client.receive(.data(1, streamID)).compactMap(\.fault).map(\.reason) == [.protocolError])
        }
    }

    @Test func `what was on its way when a stream was given up is passed over, and no more`() {
        var client = ConnectedClient()
        let streamID = client.beginStream(creditKiB: 1)
        client.giveUp(streamID)
        for _ in 0..<9 { #expect(client.receive(.data(100, streamID)).isEmpty) }
        let events = (0..<40_000).flatMap { _ in client.receive(.data(100, streamID)) }
        #expect(events.compactMap(\.fault).map(\.reason) == [.protocolError])
    }

    @Test func `a message after the end closes the connection`() {
        var client = ConnectedClient()
        let streamID = client.beginStream(creditKiB: 1)
        var end = ByteBuffer()
        Response(outcome: .message(ByteBuffer())).write(to: &end, streamID: streamID)
        #expect(client.receive(end).count == 1)
        #expect(client.receive(.data(1, streamID)).compactMap(\.fault).map(\.reason) == [.protocolError])
    }
}

extension ByteBuffer {
    fileprivate static func window(_ byteCount: UInt32, _ streamID: UInt32) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeWindow(byteCount, streamID: streamID)
        return bytes
    }

    fileprivate static func data(_ byteCount: Int, _ streamID: UInt32) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeData(.payload(ByteBuffer(repeating: 1, count: byteCount)), streamID: streamID)
        return bytes
    }
}

extension ServerCalls.Event {
    fileprivate var goesOn: Bool {
        if case .wentOn = self { true } else { false }
    }
}

extension ConnectedServer {
    fileprivate mutating func beginStream(
        _ streamID: UInt32, creditKiB: UInt16, timeoutMilliseconds: UInt32 = 0
    ) throws -> ServerCall {
        var bytes = ByteBuffer()
        Request(
            methodID: MethodDescriptor.stream.id, timeoutMilliseconds: timeoutMilliseconds, trace: nil, creditKiB: creditKiB,
            metadata: Metadata(), message: ByteBuffer()
        ).write(to: &bytes, streamID: streamID)
        let call = try #require(receive(bytes).first?.call)
        calls.keep(call)
        return call
    }

    fileprivate mutating func send(_ byteCount: Int, on call: ServerCall) throws -> Bool {
        try calls.send(.payload(ByteBuffer(repeating: 1, count: byteCount)), of: call, on: &core)
    }

    fileprivate mutating func wait(_ byteCount: Int, on call: ServerCall) throws {
        try calls.wait(with: ByteBuffer(repeating: 1, count: byteCount), of: call)
    }

    fileprivate mutating func sendWaiting() -> [ServerCalls.Event] {
        calls.sendWaiting(on: &core)
        return events()
    }
}

/// The client's side of a connection without a socket or a clock, past its greeting.
private struct ConnectedClient {
    var core: ConnectionCore
    var calls = ClientCalls<Int>()
    let now = NIODeadline.uptimeNanoseconds(1_000_000_000)

    init() {
        core = ConnectionCore(role: .client, limits: ConnectionLimits(), rules: ConnectedServer.patience)
        core.opened(at: now)
        _ = receive(RawConnection.greeting)
    }

    mutating func receive(_ bytes: ByteBuffer) -> [ClientCalls<Int>.Event] {
        core.receive(bytes, at: now)
        var events: [ClientCalls<Int>.Event] = []
        while let event = calls.nextEvent(on: &core, at: now) { events.append(event) }
        return events
    }

    mutating func beginStream(creditKiB: UInt16) -> UInt32 {
        send(.stream, creditKiB)
    }

    mutating func beginCall() {
        _ = send(.echo, nil)
    }

    mutating func giveUp(_ streamID: UInt32) {
        calls.giveUp(streamID, on: &core, at: now)
    }

    private mutating func send(_ method: MethodDescriptor, _ creditKiB: UInt16?) -> UInt32 {
        let request = Request(
            methodID: method.id, timeoutMilliseconds: 0, trace: nil, creditKiB: creditKiB, metadata: Metadata(), message: ByteBuffer())
        return calls.send(request, for: 0, due: .distantFuture, on: &core, at: now)
    }
}

extension ClientCalls.Event {
    fileprivate var fault: ConnectionFault? {
        if case .failed(let fault, _) = self { fault } else { nil }
    }
}

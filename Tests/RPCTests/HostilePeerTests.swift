import NIOCore
import Testing

@testable import RPC

/// What a server does with peers that mean no good, and that it serves the others meanwhile.
@Suite(.timeLimit(.minutes(1))) struct HostilePeerTests {
    private static let foreign: [String: [UInt8]] = [
        "HTTP": Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8),
        "HTTP/2": Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8),
        "a TLS hello": [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03],
        "zeroes": [UInt8](repeating: 0, count: 64),
        "nearly the preface": [0xF5, 0x52, 0x50, 0x44],
    ]

    @Test(arguments: foreign.keys.sorted())
    func `another protocol is closed without an answer`(name: String) async throws {
        let bytes = try #require(Self.foreign[name])
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.open(address)
            connection.send(bytes)
            try await connection.closed()
            #expect(connection.receivedNothing)
            try await stillServes(address)
        }
    }

    @Test func `another version is told which one is spoken`() async throws {
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.open(address)
            connection.send { Preface(version: 9).write(to: &$0) }
            #expect(try goAway(await connection.framesUntilClosed()).reason == .protocolError)
        }
    }

    @Test func `who says nothing is closed in time`() async throws {
        var options = RPCServerOptions.patient
        options.limits.helloTimeout = .milliseconds(50)
        try await withServer(TestService.echo, options: options) { _, address in
            try await RawConnection.open(address).closed()
            let halfway = try await RawConnection.open(address)
            halfway.send([0xF5, 0x52])
            try await halfway.closed()
        }
    }

    @Test func `a frame that trickles in is not awaited for ever`() async throws {
        var options = RPCServerOptions.patient
        options.limits.frameTimeout = .milliseconds(60)
        try await withServer(TestService.echo, options: options) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send([0, 0, 1])
            #expect(try goAway(await connection.framesUntilClosed()).reason == .tooSlow)
        }
    }

    @Test(arguments: [UInt32.max, 4_194_345] as [UInt32])
    func `a length over the limit closes before any of it is awaited`(length: UInt32) async throws {
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send(header(length: length, type: FrameType.request, metadataLength: 0, streamID: 1))
            #expect(try goAway(await connection.framesUntilClosed()).reason == .tooLarge)
            try await stillServes(address)
        }
    }

    @Test func `metadata over the limit closes`() async throws {
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send(header(length: 9000, type: FrameType.request, metadataLength: 8193, streamID: 1))
            #expect(try goAway(await connection.framesUntilClosed()).reason == .tooLarge)
        }
    }

    @Test func `malformed metadata closes`() async throws {
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.greeted(address)
            let malformed = Metadata(checked: ByteBuffer(bytes: [200, 1, 2]))
            connection.send { request(metadata: malformed).write(to: &$0, streamID: 1) }
            #expect(try goAway(await connection.framesUntilClosed()).reason == .protocolError)
        }
    }

    @Test(arguments: [[1, 1], [3, 1], [2], [0]] as [[UInt32]])
    func `stream ids that don't rise, or aren't odd, close`(ids: [UInt32]) async throws {
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send { bytes in
                for id in ids { request().write(to: &bytes, streamID: id) }
            }
            #expect(try goAway(await connection.framesUntilClosed()).reason == .protocolError)
        }
    }

    @Test func `a flood of PINGs closes`() async throws {
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send { bytes in
                for token in 0..<10_000 { bytes.writePing(UInt64(token)) }
            }
            #expect(try goAway(await connection.framesUntilClosed()).reason == .tooManyControlFrames)
            try await stillServes(address)
        }
    }

    @Test func `a flood of CANCELs closes, but cancelling each of one's calls doesn't`() async throws {
        try await withServer(TestService.echo) { _, address in
            let fair = try await RawConnection.greeted(address)
            fair.send { bytes in
                for call in 0..<2000 {
                    let id = UInt32(2 * call + 1)
                    request().write(to: &bytes, streamID: id)
                    bytes.writeCancel(streamID: id)
                }
            }
            #expect(await fair.frames(2001).count == 2001)
            fair.close()
            let flood = try await RawConnection.greeted(address)
            flood.send { bytes in
                for id in 0..<2000 { bytes.writeCancel(streamID: UInt32(2 * id + 1)) }
            }
            #expect(try goAway(await flood.framesUntilClosed()).reason == .tooManyControlFrames)
        }
    }

    @Test func `an unknown frame is skipped, a critical one closes`() async throws {
        try await withServer(TestService.echo) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send { bytes in
                bytes.writeFrame(77) { $0.writeString("from the future") }
                request().write(to: &bytes, streamID: 1)
            }
            #expect(await connection.frames(2).last?.header.type == FrameType.response)
            connection.send { bytes in bytes.writeFrame(77, flags: FrameFlags.critical) { $0.writeString("you must know this") } }
            #expect(try goAway(await connection.framesUntilClosed()).reason == .protocolError)
        }
    }

    @Test func `calls beyond the limit are refused unprocessed, the others are answered`() async throws {
        let gate = Gate()
        let service = TestService(
            (
                .echo,
                { call in
                    await gate.pass()
                    return ServerReply(payload: call.payload)
                }
            ))
        var options = RPCServerOptions.patient
        options.limits.maximumCallsInFlight = 4
        try await withServer(service, options: options) { _, address in
            let connection = try await RawConnection.greeted(address)
            connection.send { bytes in
                for call in 0..<6 { request().write(to: &bytes, streamID: UInt32(2 * call + 1)) }
            }
            let refused = await connection.frames(3).dropFirst()
            #expect(refused.map(\.header.streamID) == [9, 11])
            #expect(refused.allSatisfy { $0.header.flags & FrameFlags.notProcessed != 0 })
            gate.open()
            #expect(await connection.frames(7).count == 7)
        }
    }

    @Test func `connections beyond the limit are closed, and room comes back`() async throws {
        var options = RPCServerOptions.patient
        options.maximumConnections = 1
        try await withServer(TestService.echo, options: options) { _, address in
            let first = try await RawConnection.greeted(address)
            _ = await first.frames(1)
            try await RawConnection.open(address).closed()
            first.close()
            try await first.closed()
            try await stillServes(address)
        }
    }

    /// Every other patience is longer than the test, so that only this one can end the connection.
    @Test func `who doesn't read his answers is closed`() async throws {
        var options = RPCServerOptions.patient
        options.limits.outboundHighWaterBytes = 64 * 1024
        options.limits.slowReaderTimeout = .milliseconds(100)
        options.limits.closeTimeout = .milliseconds(100)
        options.limits.frameTimeout = .seconds(600)
        options.keepaliveInterval = .seconds(600)
        try await withServer(TestService.echo, options: options) { server, address in
            let connection = try await RawConnection.greeted(address)
            _ = await connection.frames(1)
            try await connection.stopReading()
            let large = ByteBuffer(repeating: 7, count: 1_000_000)
            connection.send { bytes in
                for call in 0..<40 { request(message: large).write(to: &bytes, streamID: UInt32(2 * call + 1)) }
            }
            try await stillServes(address)
            while server.connectionCount > 0 { await Task.yield() }
            try await connection.resumeReading()
            #expect(await connection.framesUntilClosed().filter { $0.header.type == FrameType.response }.count < 40)
        }
    }

    @Test func `a server that answers what was never asked is left`() async throws {
        let liar = try await RawServer.start { _ in
            var bytes = ByteBuffer()
            Response(outcome: .message(ByteBuffer())).write(to: &bytes, streamID: 99)
            return bytes
        }
        try await withClient(liar.address) { client in
            let error = await rpcError { try await client.call(.change, ByteBuffer(), CallOptions(timeout: .seconds(30))) }
            #expect(error?.code == .unavailable)
        }
        try await liar.stop()
    }

    // MARK: Bytes

    private func request(metadata: Metadata = Metadata(), message: ByteBuffer = ByteBuffer()) -> Request {
        Request(methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 0, trace: nil, metadata: metadata, message: message)
    }

    private func header(length: UInt32, type: UInt8, metadataLength: UInt16, streamID: UInt32) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeMultipleIntegers(length, type, UInt8(0), metadataLength, streamID, UInt32(0))
        return bytes
    }

    private func goAway(_ frames: [Frame]) throws -> GoAway {
        try GoAway(reading: try #require(frames.last { $0.header.type == FrameType.goAway }))
    }
}

/// A good client still gets its answer.
func stillServes(_ address: ServerAddress) async throws {
    try await withClient(address) { client in
        let reply = try await client.call(.echo, .text("still here"), CallOptions())
        #expect(reply.payload.text == "still here")
    }
}

import NIOCore
import Synchronization
import Testing

@testable import RPC

/// A server that stops loses no call.
@Suite(.timeLimit(.minutes(1))) struct DrainTests {
    private let gate = Gate()

    private var gated: TestService {
        TestService(
            (
                .echo,
                { [gate] call in
                    await gate.pass()
                    return ServerReply(payload: call.payload)
                }
            ))
    }

    @Test func `calls under way are answered before a draining server closes`() async throws {
        let server = RPCServer(services: [gated], logger: quietLogger)
        let address = try await server.start()
        try await withClient(address) { client in
            async let answer = client.call(.echo, .text("last"), CallOptions())
            await gate.arrivals(1)
            async let stopped: Void = server.shutdownGracefully(grace: .seconds(30))
            gate.open()
            let reply = try await answer
            #expect(reply.payload.text == "last")
            await stopped
        }
    }

    @Test func `what outlasts the grace is told UNAVAILABLE`() async throws {
        let server = RPCServer(services: [gated], logger: quietLogger)
        let address = try await server.start()
        var options = RPCClientOptions.patient
        options.retry.maximumAttempts = 1
        try await withClient(address, options: options) { client in
            async let error = rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) }
            await gate.arrivals(1)
            await server.shutdownGracefully(grace: .milliseconds(50))
            #expect(await error?.code == .unavailable)
        }
        gate.open()
    }

    @Test func `a client goes over to the server that takes the port's place`() async throws {
        let (first, address) = try await startOnLastingPort(TestService.echo)
        try await withClient(address) { client in
            _ = try await client.call(.echo, .text("one"), CallOptions())
            await first.shutdownGracefully(grace: .seconds(1))
            let second = try await startOnceFree(address.port, TestService.echo)
            let reply = try await client.call(.echo, .text("two"), CallOptions())
            #expect(reply.payload.text == "two")
            await second.shutdownGracefully(grace: .zero)
        }
    }

    @Test func `connections beyond their age are replaced without a failed call`() async throws {
        let peers = Peers()
        let service = TestService(
            (
                .echo,
                { call in
                    peers.add(call.context.peer)
                    return ServerReply(payload: call.payload)
                }
            ))
        var options = RPCServerOptions.patient
        options.maximumConnectionAge = .milliseconds(20)
        try await withServer(service, options: options) { _, address in
            try await withClient(address) { client in
                while peers.count < 5 { _ = try await client.call(.echo, ByteBuffer(), CallOptions()) }
            }
        }
    }

    @Test func `an answer that is larger than the socket takes is not cut by a stop`() async throws {
        let service = TestService((.echo, { _ in ServerReply(payload: ByteBuffer(repeating: 5, count: 4 * 1024 * 1024)) }))
        let ended = EndedCalls()
        var options = RPCServerOptions.patient
        options.observer = ended
        let server = RPCServer(services: [service], options: options, logger: quietLogger)
        let address = try await server.start()
        let connection = try await RawConnection.greeted(address)
        _ = await connection.frames(1)
        try await connection.stopReading()
        connection.send { bytes in
            for id in [1, 3, 5] as [UInt32] {
                Request(
                    methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(), message: ByteBuffer()
                ).write(to: &bytes, streamID: id)
            }
        }
        while ended.codes.count < 1 { await Task.yield() }
        async let stopped: Void = server.shutdownGracefully(grace: .seconds(30))
        try await Task.sleep(for: .milliseconds(50))
        try await connection.resumeReading()
        let answers = await connection.framesUntilClosed().filter { $0.header.type == FrameType.response }
        #expect(answers.map(\.body.readableBytes).allSatisfy { $0 == 4 * 1024 * 1024 + Response.fixedByteCount })
        #expect(answers.count >= 1)
        await stopped
    }

    @Test func `a stop with a shorter grace hurries a connection that ends for its age`() async throws {
        var options = RPCServerOptions.patient
        options.maximumConnectionAge = .milliseconds(10)
        options.ageGrace = .seconds(600)
        let server = RPCServer(services: [gated], options: options, logger: quietLogger)
        let address = try await server.start()
        let connection = try await RawConnection.greeted(address)
        connection.send {
            Request(methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(), message: ByteBuffer())
                .write(to: &$0, streamID: 1)
        }
        await gate.arrivals(1)
        #expect(await connection.frames(2).last?.header.type == FrameType.goAway)
        await server.shutdownGracefully(grace: .milliseconds(10))
        #expect(server.connectionCount == 0)
        gate.open()
    }

    @Test func `a stop while the server still binds its port leaves nobody listening`() async throws {
        for _ in 0..<20 {
            let server = RPCServer(services: [TestService.echo], logger: quietLogger)
            let started = Task.immediate { try await server.start() }
            await server.shutdownGracefully(grace: .zero)
            guard let address = try? await started.value else { continue }
            await #expect(throws: (any Error).self) { try await RawConnection.open(address) }
        }
    }
}

/// The connections that calls came over.
private final class Peers: Sendable {
    private let names = Mutex<Set<String>>([])

    var count: Int { names.withLock(\.count) }

    func add(_ name: String) {
        names.withLock { _ = $0.insert(name) }
    }
}

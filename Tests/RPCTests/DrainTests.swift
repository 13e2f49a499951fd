import NIOCore
import RPC
import Testing

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
        var options = RPCServerOptions.patient
        options.maximumConnectionAge = .milliseconds(20)
        options.keepaliveInterval = .milliseconds(40)
        try await withServer(TestService.echo, options: options) { _, address in
            try await withClient(address) { client in
                let end = ContinuousClock.now + .milliseconds(300)
                while ContinuousClock.now < end { _ = try await client.call(.echo, ByteBuffer(), CallOptions()) }
            }
        }
    }
}

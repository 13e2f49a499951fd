import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RPC

/// A call that is begun on a loop of its client ends there, as one does that a task waits for.
@Suite(.timeLimit(.minutes(1))) struct BegunCallTests {
    private typealias End = Result<ClientReply, RPCError>

    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    /// How a call ended that was begun on a loop; nil where it wasn't begun.
    private func end(
        of method: MethodDescriptor, by client: RPCClient, _ options: CallOptions = CallOptions(),
        then act: @escaping @Sendable (BegunCall) -> Void = { _ in }
    ) async -> End? {
        await withCheckedContinuation { continuation in
            loop.execute { [loop] in
                let begun = client.begin(method, .text("x"), options) { end in
                    #expect(loop.inEventLoop)
                    continuation.resume(returning: end)
                }
                if let begun { act(begun) } else { continuation.resume(returning: nil) }
            }
        }
    }

    private func code(_ end: End?) -> StatusCode? {
        switch end {
        case .success: .ok
        case .failure(let error): error.code
        case nil: nil
        }
    }

    private func withLoopClient(
        _ address: ServerAddress, change: (inout RPCClientOptions) -> Void = { _ in }, _ body: (RPCClient) async throws -> Void
    ) async throws {
        var options = RPCClientOptions.patient
        options.connections = .onePerEventLoop
        change(&options)
        try await withClient(address, options: options, body)
    }

    @Test func `the answer is told on the loop`() async throws {
        try await withServer(TestService.echo) { _, address in
            try await withLoopClient(address) { client async throws in
                #expect(try await end(of: .echo, by: client)?.get().payload.text == "x")
            }
        }
    }

    @Test func `where there is no loop of the client's, nothing is begun`() async throws {
        try await withServer(TestService.echo) { _, address in
            try await withLoopClient(address) { client async throws in
                #expect(client.begin(.echo, .text("x"), CallOptions()) { _ in Issue.record("told") } == nil)
            }
        }
    }

    /// Closes the connection on the first request, then answers.
    private func losingOne() async throws -> RawServer {
        let seen = Counter()
        return try await RawServer.start { streamID in
            guard seen.add() > 1 else { return nil }
            var bytes = ByteBuffer()
            Response(outcome: .message(.text("answer"))).write(to: &bytes, streamID: streamID)
            return bytes
        }
    }

    @Test(arguments: [(MethodDescriptor.echo, StatusCode.ok, 2), (.change, .unavailable, 1)])
    func `after a lost connection a call is tried again where that is safe`(method: MethodDescriptor, expected: StatusCode, requests: Int)
        async throws
    {
        let server = try await losingOne()
        try await withLoopClient(server.address) { client async throws in
            #expect(code(await end(of: method, by: client)) == expected)
        }
        #expect(server.requests == requests)
        try await server.stop()
    }

    private let sleeping = TestService(
        (
            .echo,
            { call in
                try await Task.sleep(for: .seconds(3_600))
                return ServerReply(payload: call.payload)
            }
        ))

    @Test func `a call that nobody waits for any more is cancelled`() async throws {
        try await withServer(sleeping) { _, address in
            try await withLoopClient(address) { client async throws in
                #expect(code(await end(of: .echo, by: client) { $0.cancel() }) == .cancelled)
            }
        }
    }

    @Test func `a deadline ends the call`() async throws {
        try await withServer(sleeping) { _, address in
            try await withLoopClient(address) { client async throws in
                #expect(code(await end(of: .echo, by: client, CallOptions(timeout: .milliseconds(30)))) == .deadlineExceeded)
            }
        }
    }

    @Test func `who observes the client hears how the call ended`() async throws {
        final class Ears: CallObserver {
            let heard = Mutex<[StatusCode]>([])
            func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration) { heard.withLock { $0.append(code) } }
        }
        let ears = Ears()
        try await withServer(TestService.echo) { _, address in
            try await withLoopClient(address) {
                $0.observer = ears
            } _: { client async throws in
                _ = await end(of: .echo, by: client)
                _ = await end(of: .change, by: client)
            }
        }
        #expect(ears.heard.withLock { $0 } == [.ok, .unimplemented])
    }
}

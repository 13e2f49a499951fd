import NIOCore
import NIOPosix
import RPC
import Routes
import Synchronization
import Testing

@testable import RESTShim

/// Requests that are passed on to a service over a connection on their own event loop, and so without a task.
@Suite(.timeLimit(.minutes(10))) struct PassedOnTests {
    /// Stands behind the sample routes, over a real socket.
    private struct Sample: RPCService {
        let handler: @Sendable (ServerCall) async throws -> ServerReply

        var methods: [MethodDescriptor] { SampleRoutes.all.map(\.method) }

        func call(_ call: ServerCall) async throws -> ServerReply { try await handler(call) }
    }

    private func withShim(
        _ handler: @escaping @Sendable (ServerCall) async throws -> ServerReply,
        configure: (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (Shim) async throws -> Void
    ) async throws {
        let server = RPCServer(services: [Sample(handler: handler)], logger: .quiet)
        var options = RPCClientOptions()
        options.connections = .onePerEventLoop
        let client = RPCClient(addresses: [try await server.start()], options: options, logger: .quiet)
        try await Shim.run(routes: SampleRoutes.all, channels: ["sample": client], configure: configure, body)
        await client.close()
        await server.shutdownGracefully(grace: .zero)
    }

    @Test func `many requests on one connection are answered in their order`() async throws {
        try await withShim { call in
            ServerReply(payload: ByteBuffer(string: #"{"asked":"\#(String(buffer: call.payload))"}"#))
        } _: { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                let token = try await shim.token()
                let requests = (0..<50).map { "GET /v1/samples/s_\($0) HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n" }
                try await connection.send(requests.joined())
                for number in 0..<50 {
                    let answer = try await connection.answer()
                    #expect(answer.status == 200 && answer.text == #"{"asked":"sample_id=s_\#(number)"}"#)
                }
            }
            #expect(shim.log.entries.count == 50)
        }
    }

    @Test func `what a service refuses is the answer, and the connection goes on`() async throws {
        try await withShim { call in
            if call.payload.readableBytes > 20 { throw RPCError.notFound("SAMPLE_NOT_FOUND") }
            return ServerReply(payload: ByteBuffer(string: "{}"))
        } _: { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                let token = try await shim.token()
                for (id, status) in [("s_1", 200), ("s_000000000000000000", 404), ("s_2", 200)] {
                    try await connection.send("GET /v1/samples/\(id) HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n")
                    #expect(try await connection.answer().status == status)
                }
            }
        }
    }

    @Test func `a client that leaves ends the call`() async throws {
        let (ends, tellEnd) = AsyncStream.makeStream(of: Bool.self)
        let (starts, tellStart) = AsyncStream.makeStream(of: Void.self)
        try await withShim { call in
            tellStart.yield()
            do {
                try await Task.sleep(for: .seconds(3_600))
            } catch {
                tellEnd.yield(error is CancellationError)
            }
            return ServerReply(payload: ByteBuffer())
        } configure: {
            $0.limits.disconnectGrace = .milliseconds(20)
        } _: { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                // The first on a connection is looked at in a task; so the second is the one that matters.
                let token = try await shim.token()
                try await connection.send("GET /v1/closed HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n")
                _ = try await connection.answer()
                try await connection.send("GET /v1/samples/s_1 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n")
                for await _ in starts { break }
                try await connection.channel.close()
            }
            for await wasCancelled in ends {
                #expect(wasCancelled)
                break
            }
        }
    }
}

import GRPC
import Logging
import NIOCore
import RPC
import ServiceKit
import Testing

/// gRPC at a service's own port, beside our own protocol.
@Suite(.timeLimit(.minutes(10))) struct GRPCPortTests {
    private struct Sample: RPCService {
        static let echo = MethodDescriptor(name: "hms.sample.v1.SampleService/Echo", roles: [.anyone])
        static let count = MethodDescriptor(name: "hms.sample.v1.SampleService/Count", roles: [.anyone], isStreamed: true)

        let handler: @Sendable (ServerCall) async throws -> ServerReply
        var methods: [MethodDescriptor] { [Self.echo, Self.count] }

        func call(_ call: ServerCall) async throws -> ServerReply { try await handler(call) }
    }

    private func withServer(
        _ handler: @escaping @Sendable (ServerCall) async throws -> ServerReply = { ServerReply(payload: $0.payload) },
        interceptors: [any ServerInterceptor] = [], configure: (inout RPCServerOptions) -> Void = { _ in },
        _ body: (Int, RPCServer) async throws -> Void
    ) async throws {
        var options = RPCServerOptions()
        options.portSharing = GRPCPort()
        // A machine that does much else closes nobody who is slow for its sake.
        options.limits.helloTimeout = .seconds(120)
        configure(&options)
        let server = RPCServer(services: [Sample(handler: handler)], interceptors: interceptors, options: options, logger: .quiet)
        let address = try await server.start()
        try await body(address.port, server)
        await server.shutdownGracefully(grace: .zero)
        #expect(server.callsInFlight == 0 && server.heldBytes == 0 && server.streamsInFlight == 0)
    }

    @Test func `both protocols are spoken on one port`() async throws {
        try await withServer { port, _ in
            let client = RPCClient(addresses: [ServerAddress(host: "127.0.0.1", port: port)], logger: .quiet)
            try await FrameConnection.open(port: port) { grpc in
                for stream in [1, 3, 5] {
                    try await grpc.call(stream, Sample.echo.name, "hello")
                    let answer = try await grpc.answer(on: stream)
                    #expect(answer.messages == ["hello"] && answer.grpcStatus == 0)
                    let reply = try await client.call(Sample.echo, ByteBuffer(string: "hello"), CallOptions())
                    #expect(String(buffer: reply.payload) == "hello")
                }
            }
            await client.close()
        }
    }

    @Test func `what is sent beside reaches the handler, and its own goes back`() async throws {
        try await withServer { call in
            call.context.reply("x-seen", call.context.metadata["x-sent"] ?? "")
            return ServerReply(payload: ByteBuffer(string: call.context.deadline.remaining <= .seconds(5) ? "soon" : "late"))
        } _: { port, _ in
            try await FrameConnection.open(port: port) { client in
                try await client.call(1, Sample.echo.name, "", [("x-sent", "a"), ("grpc-timeout", "5S")])
                let answer = try await client.answer(on: 1)
                #expect(answer["x-seen"] == "a" && answer.messages == ["soon"])
            }
        }
    }

    @Test func `a call leaves a span in its caller's trace, and what others have written beside that is passed on`() async throws {
        let spans = SpanRecorder(service: "sample")
        try await withServer(
            { call in
                let onward = CallOptions(from: call.context)
                call.context.reply("x-onward", onward.metadata["tracestate"] ?? "nothing")
                if call.payload.readableBytes == 0 { throw RPCError.unavailable("not now") }
                return ServerReply(payload: call.payload)
            }, interceptors: [CallSpans(spans)]
        ) { port, _ in
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            try await FrameConnection.open(port: port) { client in
                let fields = [("traceparent", trace), ("tracestate", "rojo=1"), ("tracestate", "congo=2"), ("x-correlation-id", "call.1")]
                try await client.call(1, Sample.echo.name, "hello", fields)
                #expect(try await client.answer(on: 1)["x-onward"] == "rojo=1,congo=2")
                try await client.call(3, Sample.echo.name, "", [("tracestate", "rojo=1")])
                #expect(try await client.answer(on: 3).grpcStatus == 14)
            }
        }
        let found = spans.newest(10)
        #expect(found.count == 2, "one was asked for, the other has failed")
        let asked = try #require(found.first { $0.correlationID == "call.1" })
        #expect(asked.trace.traceID == "0af7651916cd43dd8448eb211c80319c" && asked.trace.isSampled && asked.kind == .server)
        #expect(asked.parentSpanID == 0xb7ad_6b71_6920_3331 && asked.name == Sample.echo.name && asked.code == "OK" && !asked.failed)
        let failed = try #require(found.first { $0.correlationID != "call.1" })
        #expect(failed.failed && failed.code == "UNAVAILABLE" && failed.parentSpanID == 0)
    }

    @Test func `a deadline ends the call and its handler`() async throws {
        let (cancellations, tellCancelled) = AsyncStream.makeStream(of: Void.self)
        try await withServer { call in
            do { try await Task.sleep(for: .seconds(3600)) } catch { tellCancelled.yield() }
            return ServerReply(payload: call.payload)
        } _: { port, _ in
            try await FrameConnection.open(port: port) { client in
                try await client.call(1, Sample.echo.name, "", [("grpc-timeout", "20m")])
                #expect(try await client.answer(on: 1).grpcStatus == 4)
                for await _ in cancellations { break }
            }
        }
    }

    @Test func `a stream is answered message by message, as fast as it is read`() async throws {
        try await withServer { call in
            for number in 0..<200 { try await call.write(ByteBuffer(repeating: UInt8(truncatingIfNeeded: number), count: 1000)) }
            return .endOfStream
        } _: { port, _ in
            try await FrameConnection.open(port: port) { client in
                try await client.call(1, Sample.count.name)
                // 65,535 bytes come, and no more before they are granted.
                while client.answers[1]?.body.utf8.count ?? 0 < 60_000 { _ = try await client.next(FrameConnection.data) }
                for stream in [0, 1] {
                    try await client.send(
                        FrameConnection.windowUpdate, stream: stream, payload: ByteBuffer(integer: UInt32(1_000_000)))
                }
                let answer = try await client.answer(on: 1)
                #expect(answer.grpcStatus == 0 && answer.status == 200)
            }
        }
    }

    @Test func `a stream that nobody reads any more ends its handler`() async throws {
        let (endings, tellEnded) = AsyncStream.makeStream(of: Void.self)
        try await withServer { call in
            defer { tellEnded.yield() }
            while true { try await call.write(ByteBuffer(repeating: 1, count: 1000)) }
        } _: { port, _ in
            try await FrameConnection.open(port: port) { client in
                try await client.call(1, Sample.count.name)
                _ = try await client.next(FrameConnection.data)
                try await client.send(FrameConnection.reset, stream: 1, payload: ByteBuffer(integer: UInt32(8)))
                for await _ in endings { break }
            }
        }
    }

    @Test func `rapid reset runs no more handlers than a connection may have`() async throws {
        try await withServer { call in
            try? await Task.sleep(for: .milliseconds(20))
            return ServerReply(payload: call.payload)
        } _: { port, server in
            try await FrameConnection.open(port: port) { client in
                var flood = ByteBuffer()
                for index in 0..<400 {
                    let stream = 2 * index + 1
                    let fields = [("content-type", "application/grpc")]
                    flood.writeImmutableBuffer(
                        FrameConnection.bytes(
                            FrameConnection.headers, 4, stream: stream, try client.block("POST", "/\(Sample.echo.name)", fields)))
                    flood.writeImmutableBuffer(
                        FrameConnection.bytes(FrameConnection.data, 1, stream: stream, FrameConnection.message("")))
                    flood.writeImmutableBuffer(
                        FrameConnection.bytes(FrameConnection.reset, stream: stream, ByteBuffer(integer: UInt32(8))))
                }
                try await client.send(flood)
                #expect(try await client.goAway() == 11)
                #expect(server.callsInFlight <= 256)
            }
        }
    }

    @Test func `what is no call is no call`() async throws {
        try await withServer { port, _ in
            try await FrameConnection.open(port: port) { client in
                try await client.request(1, "/livez")
                #expect(try await client.answer(on: 1).status == 415)
                try await client.call(3, "hms.sample.v1.SampleService/Nothing")
                #expect(try await client.answer(on: 3).grpcStatus == 12)
            }
        }
    }

    @Test func `stopping lets calls end within the grace, and tells the others`() async throws {
        let (beginnings, tellBegun) = AsyncStream.makeStream(of: Void.self)
        let (going, letGo) = AsyncStream.makeStream(of: Void.self)
        try await withServer { call in
            tellBegun.yield()
            for await _ in going { break }
            return ServerReply(payload: call.payload)
        } _: { port, server in
            try await FrameConnection.open(port: port) { client in
                try await client.call(1, Sample.echo.name, "hello")
                for await _ in beginnings { break }
                async let stopped: Void = server.shutdownGracefully(grace: .seconds(60))
                #expect(try await client.goAway() == 0)
                letGo.yield()
                #expect(try await client.answer(on: 1).messages == ["hello"])
                await stopped
            }
        }
    }

    /// The first bytes of ours and of HTTP/2 have nothing in common; whoever says neither is closed as before.
    @Test(arguments: ["GET / HTTP/1.1\r\nHost: h\r\n\r\n", "PRI * HTTP/1.1\r\n\r\n"])
    func `who speaks neither is closed without a word`(text: String) async throws {
        try await withServer { port, _ in
            try await RawConnection.open(port: port) { connection in
                try await connection.send(text)
                #expect(await connection.rest().isEmpty)
            }
        }
    }

    @Test func `who never comes to the end of the first bytes is closed`() async throws {
        try await withServer(configure: { $0.limits.helloTimeout = .milliseconds(100) }) { port, _ in
            try await RawConnection.open(port: port) { connection in
                try await connection.send("PRI * HTTP/2")
                _ = await connection.rest()
            }
        }
    }
}

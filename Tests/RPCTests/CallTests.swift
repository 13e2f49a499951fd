import FieldChecks
import NIOCore
import NIOPosix
import RPC
import Testing

/// Calls over a real socket.
@Suite(.timeLimit(.minutes(1))) struct CallTests {
    @Test func `a call is answered`() async throws {
        try await withServer(TestService.echo) { _, address in
            try await withClient(address) { client in
                let reply = try await client.call(.echo, .text("hello"), CallOptions())
                #expect(reply.payload.text == "hello")
                #expect(reply.metadata.isEmpty)
            }
        }
    }

    @Test(arguments: [0, 1, 65_535, 1_000_000, 4 * 1024 * 1024])
    func `messages of any size up to the limit arrive whole`(size: Int) async throws {
        let message = ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try await withServer(TestService.echo) { _, address in
            try await withClient(address) { client in
                let reply = try await client.call(.echo, message, CallOptions())
                #expect(reply.payload == message)
            }
        }
    }

    @Test func `many calls share one connection, and each gets its own answer`() async throws {
        try await withServer(TestService.echo) { _, address in
            try await withClient(address) { client in
                try await withThrowingTaskGroup(of: (Int, String).self) { group in
                    for number in 0..<1000 {
                        group.addTask { (number, try await client.call(.echo, .text("\(number)"), CallOptions()).payload.text) }
                    }
                    for try await (number, answer) in group { #expect(answer == "\(number)") }
                }
            }
        }
    }

    @Test func `an error arrives with its code, reason, sentence, violations and pushback`() async throws {
        let error = RPCError(
            .invalidArgument, "INVALID_ARGUMENT", "two fields are wrong",
            violations: [FieldViolation(field: "name", message: "is required"), FieldViolation(field: "dob", message: "ist kein Tag – ✗")],
            retryAfter: .milliseconds(1500))
        try await withServer(TestService((.echo, { _ in throw error }))) { _, address in
            try await withClient(address) { client in
                #expect(await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) } == error)
            }
        }
    }

    @Test func `an unexpected error reaches the caller as INTERNAL and nothing more`() async throws {
        struct Secret: Error { let password = "hunter2" }
        try await withServer(TestService((.echo, { _ in throw Secret() }))) { _, address in
            try await withClient(address) { client in
                #expect(await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) } == .internal)
            }
        }
    }

    @Test func `a method that nobody serves is UNIMPLEMENTED`() async throws {
        try await withServer(TestService.echo) { _, address in
            try await withClient(address) { client in
                let error = await rpcError { try await client.call(.change, ByteBuffer(), CallOptions()) }
                #expect(error?.code == .unimplemented)
            }
        }
    }

    @Test func `metadata, trace and correlation id reach the handler, and its own metadata goes back`() async throws {
        let trace = TraceContext.fresh()
        let service = TestService(
            (
                .echo,
                { call in
                    #expect(call.context.metadata["authorization"] == "Bearer abc")
                    #expect(call.context.token == "abc")
                    #expect(call.context.correlationID == "c-1")
                    #expect(call.context.trace == trace)
                    call.context.reply("idempotent-replayed", "true")
                    return ServerReply(payload: call.payload, metadata: ["version": "7"])
                }
            ))
        try await withServer(service) { _, address in
            try await withClient(address) { client in
                let options = CallOptions(metadata: ["authorization": "Bearer abc", "x-correlation-id": "c-1"], trace: trace)
                let reply = try await client.call(.echo, ByteBuffer(), options)
                #expect(reply.metadata["idempotent-replayed"] == "true")
                #expect(reply.metadata["version"] == "7")
            }
        }
    }

    @Test func `a request larger than the server accepts is refused before it is sent`() async throws {
        var options = RPCServerOptions.patient
        options.limits.maximumMessageBytes = 100
        try await withServer(TestService.echo, options: options) { _, address in
            try await withClient(address) { client in
                let tooLarge = ByteBuffer(repeating: 0, count: 101)
                #expect(await rpcError { try await client.call(.echo, tooLarge, CallOptions()) }?.code == .resourceExhausted)
                let reply = try await client.call(.echo, ByteBuffer(repeating: 0, count: 100), CallOptions())
                #expect(reply.payload.readableBytes == 100)
            }
        }
    }

    @Test func `an answer larger than the client accepts becomes INTERNAL, and the connection lives on`() async throws {
        let service = TestService((.echo, { ServerReply(payload: ByteBuffer(repeating: 1, count: Int($0.payload.text) ?? 0)) }))
        var options = RPCClientOptions.patient
        options.limits.maximumMessageBytes = 1000
        try await withServer(service) { _, address in
            try await withClient(address, options: options) { client in
                #expect(await rpcError { try await client.call(.echo, .text("1001"), CallOptions()) } == .internal)
                let reply = try await client.call(.echo, .text("1000"), CallOptions())
                #expect(reply.payload.readableBytes == 1000)
            }
        }
    }

    @Test func `an error whose details are larger than the client accepts loses details, not the call`() async throws {
        let violations = (0..<200).map { FieldViolation(field: "f\($0)", message: String(repeating: "x", count: 100)) }
        let service = TestService((.echo, { _ in throw RPCError.invalidArgument("all is wrong", violations: violations) }))
        var options = RPCClientOptions.patient
        options.limits.maximumMessageBytes = 1000
        try await withServer(service) { _, address in
            try await withClient(address, options: options) { client in
                let error = await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) }
                #expect(error?.code == .invalidArgument)
                #expect(error?.reason == "INVALID_ARGUMENT")
                #expect(error?.message == "all is wrong")
                #expect(error?.violations.isEmpty == true)
            }
        }
    }

    @Test func `metadata of an answer that is larger than the client accepts doesn't cost the connection`() async throws {
        let service = TestService(
            (
                .echo,
                { call in
                    call.context.reply("x-large", String(repeating: "x", count: 2000))
                    throw RPCError.invalidArgument("no")
                }
            ))
        var options = RPCClientOptions.patient
        options.limits.maximumMetadataBytes = 1000
        try await withServer(service) { _, address in
            try await withClient(address, options: options) { client in
                let error = await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) }
                #expect(error?.code == .invalidArgument)
            }
        }
    }

    @Test func `interceptors stand around a call, the first outermost`() async throws {
        struct Marking: ServerInterceptor {
            let mark: String
            func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
                var reply = try await next(call)
                reply.payload.writeString(mark)
                return reply
            }
        }
        try await withServer(TestService.echo, interceptors: [Marking(mark: "outer"), Marking(mark: "inner ")]) { _, address in
            try await withClient(address) { client in
                let reply = try await client.call(.echo, .text("> "), CallOptions())
                #expect(reply.payload.text == "> inner outer")
            }
        }
    }

    @Test func `a caller on the connection's loop stays on it`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        var options = RPCClientOptions.patient
        options.connections = .onePerEventLoop
        try await withServer(TestService.echo) { _, address in
            let client = RPCClient(addresses: [address], options: options, eventLoopGroup: group, logger: quietLogger)
            for eventLoop in group.makeIterator() {
                try await Task(executorPreference: EventLoopExecutor.of(eventLoop)) {
                    #expect(eventLoop.inEventLoop)
                    let answer = try await client.call(.echo, .text("x"), CallOptions())
                    #expect(answer.payload.text == "x")
                    #expect(eventLoop.inEventLoop)
                }.value
            }
            await client.close()
        }
        try await group.shutdownGracefully()
    }

    @Test func `two services that claim one method keep a server from starting`() async throws {
        let server = RPCServer(services: [TestService.echo, TestService.echo], logger: quietLogger)
        await #expect(throws: RPCServer.StartError.self) { try await server.start() }
    }
}

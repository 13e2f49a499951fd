import NIOCore
import Synchronization
import Testing

@testable import RPC

/// Calls that are answered by a stream, over real sockets.
@Suite(.timeLimit(.minutes(2))) struct StreamTests {
    @Test func `messages arrive in their order, and the end with its metadata`() async throws {
        let service = TestService(
            (
                .stream,
                { call in
                    for number in 0..<3 { try await call.write(.text("\(call.payload.text) \(number)")) }
                    call.context.reply("rows", "3")
                    return .endOfStream
                }
            ))
        try await withServer(service) { _, address in
            try await withClient(address) { client in
                let stream = client.stream(.stream, .text("row"), CallOptions())
                let texts = try await stream.texts()
                #expect(texts == ["row 0", "row 1", "row 2"])
                #expect(stream.trailingMetadata["rows"] == "3")
            }
        }
    }

    @Test func `a stream without messages is one`() async throws {
        try await withServer(.stream(count: 0)) { _, address in
            try await withClient(address) { client in
                let texts = try await client.stream(.stream, .text(""), CallOptions()).texts()
                #expect(texts.isEmpty)
            }
        }
    }

    @Test func `many more bytes than the window holds go through it`() async throws {
        try await withServer(.stream(count: 2000, byteCount: 1000)) { server, address in
            var options = RPCClientOptions.patient
            options.streamWindowKiB = 4
            try await withClient(address, options: options) { client in
                var byteCount = 0
                for try await message in client.stream(.stream, .text(""), CallOptions()) { byteCount += message.readableBytes }
                #expect(byteCount == 2_000_000)
            }
        }
    }

    @Test func `a message that is larger than the window goes nonetheless`() async throws {
        try await withServer(.stream(count: 5, byteCount: 100_000)) { _, address in
            var options = RPCClientOptions.patient
            options.streamWindowKiB = 1
            try await withClient(address, options: options) { client in
                let sizes = try await client.stream(.stream, .text(""), CallOptions()).reduce(into: []) { $0.append($1.readableBytes) }
                #expect(sizes == Array(repeating: 100_000, count: 5))
            }
        }
    }

    @Test func `what came before an error is read, then the error, then nothing`() async throws {
        let service = TestService(
            (
                .stream,
                { call in
                    try await call.write(.text("one"))
                    throw RPCError(.aborted, "BROKEN", "in the middle")
                }
            ))
        try await withServer(service) { _, address in
            try await withClient(address) { client in
                var messages = client.stream(.stream, .text(""), CallOptions()).makeAsyncIterator()
                let first = try await messages.next()
                #expect(first?.text == "one")
                let error = await rpcError { try await messages.next() }
                #expect(error?.reason == "BROKEN")
                let last = try await messages.next()
                #expect(last == nil)
            }
        }
    }

    @Test func `a reader who stands still holds back the sender, but no other call`() async throws {
        let written = Atomic(0)
        let service = TestService(
            (
                .stream,
                { call in
                    for _ in 0..<100_000 {
                        try await call.write(ByteBuffer(repeating: 1, count: 1000))
                        written.add(1, ordering: .relaxed)
                    }
                    return .endOfStream
                }
            ), (.echo, { ServerReply(payload: $0.payload) }))
        try await withServer(service) { server, address in
            try await withClient(address) { client in
                var messages = client.stream(.stream, .text(""), CallOptions()).makeAsyncIterator()
                _ = try await messages.next()
                for _ in 0..<200 { _ = try await client.call(.echo, .text("x"), CallOptions()) }
                #expect(written.load(ordering: .relaxed) <= 256 * 1024 / 1016 + 1)
                #expect(server.heldBytes < 10_000)
            }
        }
    }

    @Test func `a stream that is dropped is cancelled`() async throws {
        let gate = Gate()
        try await withServer(.endless(until: gate)) { server, address in
            try await withClient(address) { client in
                do {
                    var messages = client.stream(.stream, .text(""), CallOptions()).makeAsyncIterator()
                    _ = try await messages.next()
                }
                await gate.arrivals(1)
            }
        }
    }

    @Test func `a reader whose task is cancelled cancels the stream`() async throws {
        let gate = Gate()
        try await withServer(.endless(until: gate)) { server, address in
            try await withClient(address) { client in
                let begun = Gate()
                let reader = Task {
                    await rpcError {
                        for try await _ in client.stream(.stream, .text(""), CallOptions()) { begun.arrive() }
                    }
                }
                await begun.arrivals(1)
                reader.cancel()
                #expect(await reader.value?.code == .cancelled)
                await gate.arrivals(1)
            }
        }
    }

    @Test func `the deadline ends a stream that nobody reads, on both sides`() async throws {
        let gate = Gate()
        try await withServer(.endless(until: gate)) { _, address in
            try await withClient(address) { client in
                let stream = client.stream(.stream, .text(""), CallOptions(timeout: .milliseconds(300)))
                await gate.arrivals(1)
                let error = await rpcError { try await stream.texts() }
                #expect(error?.code == .deadlineExceeded)
            }
        }
    }

    @Test func `draining lets a stream go on within its grace, and ends it then`() async throws {
        let gate = Gate()
        try await withServer(.endless(until: gate)) { server, address in
            try await withClient(address) { client in
                var messages = client.stream(.stream, .text(""), CallOptions()).makeAsyncIterator()
                _ = try await messages.next()
                async let stopped: Void = server.shutdownGracefully(grace: .milliseconds(200))
                let error = await rpcError { while try await messages.next() != nil {} }
                #expect(error?.code == .unavailable)
                await stopped
                await gate.arrivals(1)
            }
        }
    }

    @Test func `who asks for one message of a stream, or for a stream of one message, is told`() async throws {
        let service = TestService((.stream, { _ in .endOfStream }), (.echo, { ServerReply(payload: $0.payload) }))
        try await withServer(service) { _, address in
            try await withClient(address) { client in
                let single = await rpcError { try await client.call(.stream, .text(""), CallOptions()) }
                #expect(single?.code == .unimplemented)
                let streamed = await rpcError { try await client.stream(.echo, .text("x"), CallOptions()).texts() }
                #expect(streamed?.code == .unimplemented)
            }
        }
    }

    @Test func `a second message that is written while the first waits is refused`() async throws {
        let gate = Gate()
        let service = TestService(
            (
                .stream,
                { call in
                    defer { gate.arrive() }
                    try await call.write(ByteBuffer(repeating: 1, count: 10_000))
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<2 { group.addTask { try await call.write(ByteBuffer(repeating: 2, count: 10_000)) } }
                        for try await _ in group {}
                    }
                    return .endOfStream
                }
            ))
        var options = RPCClientOptions.patient
        options.streamWindowKiB = 1
        try await withServer(service) { _, address in
            try await withClient(address, options: options) { client in
                let stream = client.stream(.stream, .text(""), CallOptions())
                await gate.arrivals(1)
                let error = await rpcError { try await stream.texts() }
                #expect(error?.code == .internal)
            }
        }
    }

    @Test func `more streams than a connection may have are refused before any of it is done`() async throws {
        var options = RPCServerOptions.patient
        options.limits.maximumStreamsInFlight = 2
        let gate = Gate()
        try await withServer(.endless(until: gate), options: options) { server, address in
            try await withClient(address) { client in
                var readers = (0..<2).map { _ in client.stream(.stream, .text(""), CallOptions()).makeAsyncIterator() }
                for index in readers.indices { _ = try await readers[index].next() }
                let error = await rpcError { try await client.stream(.stream, .text(""), CallOptions(retry: false)).texts() }
                #expect(error?.reason == "OVERLOADED")
            }
        }
    }
}

extension TestService {
    /// Answers with so many messages of so many bytes.
    static func stream(count: Int, byteCount: Int = 10) -> TestService {
        TestService(
            (
                .stream,
                { call in
                    for _ in 0..<count { try await call.write(ByteBuffer(repeating: 1, count: byteCount)) }
                    return .endOfStream
                }
            ))
    }
}

extension RPCService where Self == TestService {
    static func stream(count: Int, byteCount: Int = 10) -> TestService { TestService.stream(count: count, byteCount: byteCount) }

    /// Writes for as long as anybody reads; tells the gate that it has stopped.
    static func endless(until gate: Gate) -> TestService {
        TestService(
            (
                .stream,
                { call in
                    defer { gate.arrive() }
                    while true { try await call.write(ByteBuffer(repeating: 1, count: 1000)) }
                }
            ))
    }
}

extension MethodDescriptor {
    static let stream = MethodDescriptor(
        name: "hms.test.v1.EchoService/Stream", idempotency: .readOnly, roles: .anyone, isStreamed: true)
}

extension PayloadStream {
    func texts() async throws -> [String] {
        try await reduce(into: []) { $0.append($1.text) }
    }
}

import NIOCore
import RPC
import ServiceKit
import Testing

@testable import RESTShim

/// gRPC at the public port: calls go to the services as they came, of who may make them.
@Suite(.timeLimit(.minutes(10))) struct GRPCDoorTests {
    private static let get = "hms.sample.v1.SampleService/Get"

    private func withCalls(
        _ channel: FakeChannel = FakeChannel(), configure: (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (FrameConnection, [(String, String)], Shim) async throws -> Void
    ) async throws {
        try await Shim.run(channel: channel, configure: configure) { shim async throws in
            let token = [("authorization", "Bearer \(try await shim.token())")]
            try await FrameConnection.open(port: shim.port) { try await body($0, token, shim) }
        }
    }

    @Test func `a call is answered by its message, its metadata and its status`() async throws {
        let channel = FakeChannel { call in
            ClientReply(payload: ByteBuffer(string: "you said \(call.payload)"), metadata: ["idempotent-replayed": "true"])
        }
        try await withCalls(channel) { client, token, shim in
            try await client.call(
                1, Self.get, "hello",
                token + [("x-correlation-id", "desk-1"), ("idempotency-key", "k"), ("grpc-timeout", "3S"), ("x-other", "no")])
            let answer = try await client.answer(on: 1)
            #expect(answer.status == 200 && answer["content-type"] == "application/grpc" && answer.grpcStatus == 0)
            #expect(answer.messages == ["you said hello"])
            #expect(answer["idempotent-replayed"] == "true" && answer["x-correlation-id"] == "desk-1")
            let call = try #require(channel.calls.first)
            #expect(call.method.name == Self.get && call.options.timeout == .seconds(3))
            #expect(call.options.metadata["x-correlation-id"] == "desk-1" && call.options.metadata["idempotency-key"] == "k")
            #expect(call.options.metadata["authorization"] == token[0].1 && call.options.metadata["x-other"] == nil)
            #expect(shim.log.entries.map { $0["route"] as? String } == ["/\(Self.get)"])
        }
    }

    @Test func `a message comes in any pieces`() async throws {
        let channel = FakeChannel { ClientReply(payload: ByteBuffer(string: $0.payload)) }
        try await withCalls(channel) { client, token, _ in
            try await client.begin(1, Self.get, token)
            var rest = FrameConnection.message("hello")
            while let piece = rest.readSlice(length: 1) { try await client.send(FrameConnection.data, stream: 1, payload: piece) }
            try await client.send(FrameConnection.data, flags: 1, stream: 1)
            #expect(try await client.answer(on: 1).messages == ["hello"])
        }
    }

    @Test func `what a service refuses is the call's status`() async throws {
        let channel = FakeChannel { _ in
            throw RPCError(.failedPrecondition, "SLOT_TAKEN", "Somebody else has it: 100 %", retryAfter: .seconds(2))
        }
        try await withCalls(channel) { client, token, shim in
            try await client.call(1, Self.get, "", token)
            let answer = try await client.answer(on: 1)
            #expect(answer.status == 200 && answer.grpcStatus == 9 && answer.body.isEmpty)
            #expect(answer["grpc-message"] == "Somebody else has it: 100 %25" && answer["grpc-retry-pushback-ms"] == "2000")
            #expect(answer["grpc-status-details-bin"] != nil)
            #expect(shim.log.entries.map { $0["code"] as? String } == ["SLOT_TAKEN"])
            #expect(shim.log.entries.map { $0["status"] as? Int } == [409])
        }
    }

    @Test(
        arguments: [
            ("hms.sample.v1.SampleService/Get", nil, 16), ("hms.sample.v1.SampleService/Get", "Bearer none", 16),
            ("hms.sample.v1.SampleService/Billing", "", 7), ("hms.sample.v1.SampleService/Closed", "", 12),
            ("hms.sample.v1.SampleService/Nothing", "", 12), ("hms.absent.v1.SampleService/Absent", "", 14),
            ("hms.rpc.v1.BackupService/BackUp", "", 12),
        ] as [(String, String?, Int)])
    func `nobody calls what he may not`(method: String, authorization: String?, status: Int) async throws {
        let channel = FakeChannel()
        try await withCalls(channel) { client, token, _ in
            let fields = authorization.map { $0.isEmpty ? token : [("authorization", $0)] } ?? []
            try await client.call(1, method, "", fields)
            #expect(try await client.answer(on: 1).grpcStatus == status)
            #expect(channel.calls.isEmpty)
        }
    }

    @Test func `who asks too often is told when to come again`() async throws {
        let configure = { (configuration: inout RESTServerConfiguration) in
            configuration.rates.ofCaller = 1
            configuration.rates.trustedProxies = [IPNetwork("127.0.0.0/8")].compactMap(\.self)
        }
        try await withCalls(configure: configure) { client, token, _ in
            // Many more than he may have meanwhile on the slowest machine.
            let streams = stride(from: 1, to: 80, by: 2)
            for stream in streams {
                try await client.call(stream, Self.get, "", token + [("x-forwarded-for", "198.51.100.7")])
            }
            var statuses: [Int?] = []
            for stream in streams {
                let answer = try await client.answer(on: stream)
                statuses.append(answer.grpcStatus)
                #expect((answer.grpcStatus == 8) == (client.answers[stream]?["grpc-retry-pushback-ms"] != nil))
            }
            #expect(statuses.prefix(2) == [0, 0] && Set(statuses) == [0, 8])
        }
    }

    @Test(arguments: [("", 3), ("half", 13), ("two", 3), ("large", 8)])
    func `a request that isn't one message is refused`(kind: String, status: Int) async throws {
        try await withCalls { client, token, _ in
            var bytes = ByteBuffer()
            switch kind {
            case "half": bytes.writeBytes([0, 0, 0, 0, 9, 1])
            case "two": for _ in 0..<2 { bytes.writeImmutableBuffer(FrameConnection.message("a")) }
            case "large": bytes.writeMultipleIntegers(UInt8(0), UInt32(2 << 20))
            default: break
            }
            try await client.begin(1, Self.get, token)
            try await client.send(FrameConnection.data, flags: 1, stream: 1, payload: bytes)
            #expect(try await client.answer(on: 1).grpcStatus == status)
            try await client.call(3, Self.get, "", token)
            #expect(try await client.answer(on: 3).grpcStatus == 0)
        }
    }

    @Test func `a caller who leaves takes his call with him`() async throws {
        let (cancellations, tellCancelled) = AsyncStream.makeStream(of: Void.self)
        let (beginnings, tellBegun) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            tellBegun.yield()
            do { try await Task.sleep(for: .seconds(3600)) } catch {
                tellCancelled.yield()
                throw error
            }
            return ClientReply(payload: ByteBuffer())
        }
        try await withCalls(channel) { client, token, _ in
            try await client.call(1, Self.get, "", token)
            for await _ in beginnings { break }
            try await client.send(FrameConnection.reset, stream: 1, payload: ByteBuffer(integer: UInt32(8)))
            for await _ in cancellations { break }
        }
    }

    @Test(arguments: ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"])
    func `reflection lists what is served, for who may ask`(service: String) async throws {
        try await withCalls { client, token, _ in
            for (stream, fields, status) in [(1, token, 0), (3, [], 16)] {
                try await client.call(stream, "\(service)/ServerReflectionInfo", "\u{3A}\u{1}*", fields)
                let answer = try await client.answer(on: stream)
                #expect(answer.grpcStatus == status)
                #expect(answer.body.contains("hms.sample.v1.SampleService") == (status == 0))
            }
        }
    }

    @Test func `health is told to anybody`() async throws {
        let channel = FakeChannel { _ in ClientReply(payload: ByteBuffer(bytes: [8, 1])) }
        try await withCalls(channel) { client, _, _ in
            for (stream, service, status) in [(1, "", 0), (3, "hms.sample.v1.SampleService", 0), (5, "nobody", 5)] {
                let question = service.isEmpty ? "" : "\u{A}\(Character(UnicodeScalar(UInt8(service.utf8.count))))\(service)"
                try await client.call(stream, "grpc.health.v1.Health/Check", question)
                let answer = try await client.answer(on: stream)
                #expect(answer.grpcStatus == status && answer.messages == (status == 0 ? ["\u{8}\u{1}"] : []))
            }
        }
    }

    @Test func `health is watched until the server stops`() async throws {
        let channel = FakeChannel { _ in ClientReply(payload: ByteBuffer(bytes: [8, 2])) }
        try await withCalls(channel) { client, _, shim in
            try await client.call(1, "grpc.health.v1.Health/Watch")
            _ = try await client.next(FrameConnection.data)
            await shim.stop()
            let answer = try await client.answer(on: 1)
            #expect(answer.messages == ["\u{8}\u{2}"] && answer.grpcStatus == 14)
        }
    }
}

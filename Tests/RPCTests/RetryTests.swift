import NIOCore
import Testing

@testable import RPC

/// Calls are tried again where that is safe, and nowhere else.
@Suite(.timeLimit(.minutes(1))) struct RetryTests {
    /// Closes the connection on the first requests, then answers.
    private func failing(_ failures: Int, with refusal: Response? = nil) async throws -> RawServer {
        let seen = Counter()
        return try await RawServer.start { streamID in
            let isFailing = seen.add() <= failures
            if isFailing && refusal == nil { return nil }
            let response = isFailing ? refusal : nil
            var bytes = ByteBuffer()
            (response ?? Response(outcome: .message(.text("answer")))).write(to: &bytes, streamID: streamID)
            return bytes
        }
    }

    /// A port on which nothing listens.
    private let nobody = ServerAddress(host: "127.0.0.1", port: 1)

    private static let refusal = Response(outcome: .error(.overloaded("full", retryAfter: .milliseconds(10))), isNotProcessed: true)

    @Test func `a call that only reads survives a lost connection`() async throws {
        let server = try await failing(2)
        try await withClient(server.address) { client in
            let reply = try await client.call(.echo, ByteBuffer(), CallOptions())
            #expect(reply.payload.text == "answer")
        }
        #expect(server.requests == 3)
        try await server.stop()
    }

    @Test func `a call that may have changed something is not tried again`() async throws {
        let server = try await failing(1)
        try await withClient(server.address) { client in
            #expect(await rpcError { try await client.call(.change, ByteBuffer(), CallOptions()) }?.code == .unavailable)
        }
        #expect(server.requests == 1)
        try await server.stop()
    }

    @Test func `an idempotency key makes a creation safe to try again`() async throws {
        let server = try await failing(2)
        try await withClient(server.address) { client in
            #expect(await rpcError { try await client.call(.create, ByteBuffer(), CallOptions()) }?.code == .unavailable)
            #expect(server.requests == 1)
            let reply = try await client.call(.create, ByteBuffer(), CallOptions(metadata: ["idempotency-key": "k"]))
            #expect(reply.payload.text == "answer")
        }
        #expect(server.requests == 3)
        try await server.stop()
    }

    /// Field 1 is an id, field 4 the version.
    private static let unconditional = ByteBuffer(bytes: [0x0A, 0x01, 0x70])
    private static let conditional = ByteBuffer(bytes: [0x0A, 0x01, 0x70, 0x20, 0x07])
    private static let update = MethodDescriptor(
        name: "hms.test.v1.EchoService/Update", idempotency: .repeatable, roles: .anyone, ifMatchField: 4)

    @Test func `a change of one version is not tried again after a lost answer, one of any version is`() async throws {
        let server = try await failing(1)
        try await withClient(server.address) { client in
            #expect(await rpcError { try await client.call(Self.update, Self.conditional, CallOptions()) }?.code == .unavailable)
            #expect(server.requests == 1)
        }
        try await server.stop()
        let other = try await failing(1)
        try await withClient(other.address) { client in
            let reply = try await client.call(Self.update, Self.unconditional, CallOptions())
            #expect(reply.payload.text == "answer")
            #expect(other.requests == 2)
        }
        try await other.stop()
    }

    @Test func `a change of one version that was refused unprocessed is tried again`() async throws {
        let server = try await failing(1, with: Self.refusal)
        try await withClient(server.address) { client in
            let reply = try await client.call(Self.update, Self.conditional, CallOptions())
            #expect(reply.payload.text == "answer")
        }
        try await server.stop()
    }

    @Test(
        arguments: [
            ([], false), ([0x20, 0x00], true), ([0x18, 0x96, 0x01, 0x20, 0x01], true), ([0x18, 0x20], false),
            ([0x22, 0x01, 0x20], true), ([0x12, 0x02, 0x20, 0x01], false), ([0x25, 0, 0, 0, 0], true), ([0x1D, 0x20, 0, 0, 0], false),
            ([0x19, 0x20, 0, 0, 0, 0, 0, 0, 0], false), ([0x12, 0x05, 0x20], true), ([0x80], true), ([0x1B], true),
        ] as [([UInt8], Bool)])
    func `a message's own field is found, and doubt counts as found`(bytes: [UInt8], isHeld: Bool) {
        #expect(ByteBuffer(bytes: bytes).holdsField(4) == isHeld)
    }

    @Test func `what was refused unprocessed is tried again, whatever it does`() async throws {
        let server = try await failing(1, with: Self.refusal)
        try await withClient(server.address) { client in
            let reply = try await client.call(.change, ByteBuffer(), CallOptions())
            #expect(reply.payload.text == "answer")
        }
        try await server.stop()
    }

    @Test func `after three attempts the failure stands`() async throws {
        let server = try await failing(.max, with: Self.refusal)
        try await withClient(server.address) { client in
            #expect(await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) }?.reason == "OVERLOADED")
        }
        #expect(server.requests == 3)
        try await server.stop()
    }

    @Test func `a server that sheds load is left alone where its callers can come back themselves`() async throws {
        let server = try await failing(1, with: Self.refusal)
        var options = RPCClientOptions.patient
        options.retry.retriesOverload = false
        try await withClient(server.address, options: options) { client in
            #expect(await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) }?.reason == "OVERLOADED")
        }
        #expect(server.requests == 1)
        try await server.stop()
    }

    @Test func `nothing is tried again when the caller doesn't want it`() async throws {
        let server = try await failing(1)
        try await withClient(server.address) { client in
            _ = await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions(retry: false)) }
        }
        #expect(server.requests == 1)
        try await server.stop()
    }

    @Test func `retries stop when their budget is used up`() async throws {
        let server = try await failing(.max, with: Self.refusal)
        var options = RPCClientOptions.patient
        options.retry.budget = 3
        options.retry.budgetPerCall = 0
        try await withClient(server.address, options: options) { client in
            for _ in 0..<5 { _ = await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) } }
        }
        #expect(server.requests == 5 + 3)
        try await server.stop()
    }

    @Test func `the wait honours the server's pushback and never reaches past the deadline`() {
        let policy = RetryPolicy()
        let pushedBack = CallFailure(error: .overloaded("full", retryAfter: .seconds(3)), isNotProcessed: true)
        let (patient, hurried) = (call(within: .seconds(60)), call(within: .seconds(2)))
        #expect(policy.wait(after: pushedBack, attempt: 1, of: patient) == .seconds(3))
        #expect(policy.wait(after: pushedBack, attempt: 1, of: hurried) == nil)
    }

    @Test(arguments: StatusCode.allCases.filter { $0 != .unavailable })
    func `only UNAVAILABLE is tried again`(code: StatusCode) {
        let failure = CallFailure(error: RPCError(code, "X"), isNotProcessed: true)
        let call = ClientCall(method: .echo, payload: ByteBuffer(), options: CallOptions())
        #expect(RetryPolicy().wait(after: failure, attempt: 1, of: call) == nil)
    }

    private func call(within timeout: Duration) -> ClientCall {
        ClientCall(method: .echo, payload: ByteBuffer(), options: CallOptions(), deadline: .after(timeout))
    }

    @Test func `waits grow by 1.6 and stay within a fifth of that`() {
        let backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(1))
        for (failures, expected) in [(1, 100.0), (2, 160), (3, 256), (4, 409.6), (5, 655.36), (6, 1000), (60, 1000)] {
            for _ in 0..<50 {
                let milliseconds = backoff.wait(afterFailures: failures) / .milliseconds(1)
                #expect(milliseconds >= expected * 0.799 && milliseconds <= expected * 1.201)
            }
        }
    }

    @Test func `ten calls earn one retry`() {
        var policy = RetryPolicy()
        policy.budget = 1
        let budget = RetryBudget(policy)
        #expect(budget.spend())
        #expect(!budget.spend())
        for _ in 0..<9 { budget.earn() }
        #expect(!budget.spend())
        budget.earn()
        #expect(budget.spend())
    }

    @Test func `a server that isn't there is UNAVAILABLE long before the deadline`() async throws {
        try await withClient(nobody) { client in
            let start = ContinuousClock.now
            let error = await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions(timeout: .seconds(60))) }
            #expect(error?.code == .unavailable)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test func `a second address stands in for the first`() async throws {
        try await withServer(TestService((.change, { ServerReply(payload: $0.payload) }))) { _, address in
            let client = RPCClient(addresses: [nobody, address], logger: quietLogger)
            let reply = try await client.call(.change, .text("x"), CallOptions())
            #expect(reply.payload.text == "x")
            await client.close()
        }
    }
}

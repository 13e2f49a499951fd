import NIOCore
import RPC
import Testing

/// Deadlines and cancellation.
@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    private func withChannel(to service: TestService, _ body: (RPCClient) async throws -> Void) async throws {
        try await withServer(service) { _, address in try await withClient(address) { try await body($0) } }
    }

    @Test func `a call that takes too long ends with DEADLINE_EXCEEDED, and its handler is cancelled`() async throws {
        let cancelled = Gate()
        let service = TestService(
            (
                .echo,
                { call in
                    if call.payload.text != "at once" { await cancelled.arriveWhenCancelled() }
                    return ServerReply(payload: call.payload)
                }
            ))
        try await withChannel(to: service) { channel in
            _ = try await channel.call(.echo, .text("at once"), CallOptions())
            let error = await rpcError { try await channel.call(.echo, ByteBuffer(), CallOptions(timeout: .milliseconds(300))) }
            #expect(error == .deadlineExceeded)
            await cancelled.arrivals(1)
        }
    }

    @Test func `cancelling the caller cancels the handler`() async throws {
        let started = Gate()
        let cancelled = Gate()
        let service = TestService(
            (
                .echo,
                { call in
                    started.arrive()
                    await cancelled.arriveWhenCancelled()
                    return ServerReply(payload: call.payload)
                }
            ))
        try await withChannel(to: service) { channel in
            let caller = Task { await rpcError { try await channel.call(.echo, ByteBuffer(), CallOptions(timeout: .seconds(60))) } }
            await started.arrivals(1)
            caller.cancel()
            #expect(await caller.value == .cancelled)
            await cancelled.arrivals(1)
        }
    }

    @Test func `a caller that is cancelled already makes no call`() async throws {
        try await withChannel(to: .echo) { channel in
            let gate = Gate()
            let caller = Task {
                await gate.pass()
                return await rpcError { try await channel.call(.echo, ByteBuffer(), CallOptions()) }
            }
            caller.cancel()
            gate.open()
            #expect(await caller.value == .cancelled)
        }
    }

    @Test func `a handler sees how much time its caller grants, and passes on a little less`() async throws {
        let service = TestService(
            (
                .echo,
                { call in
                    let remaining = call.context.deadline.remaining
                    #expect(remaining > .seconds(20) && remaining <= .seconds(55))
                    let next = CallOptions(from: call.context)
                    let passedOn = try #require(next.timeout)
                    #expect(passedOn < call.context.deadline.remaining)
                    #expect(next.trace?.traceID == call.context.trace?.traceID)
                    #expect(next.metadata["x-correlation-id"] == call.context.correlationID)
                    return ServerReply(payload: call.payload)
                }
            ))
        try await withChannel(to: service) { channel in
            _ = try await channel.call(.echo, ByteBuffer(), CallOptions(timeout: .seconds(55), trace: .fresh()))
        }
    }

    @Test func `a deadline that passes on the first hop cancels the second`() async throws {
        let cancelled = Gate()
        let slow = TestService(
            (
                .echo,
                { call in
                    if call.payload.text != "at once" { await cancelled.arriveWhenCancelled() }
                    return ServerReply(payload: call.payload)
                }
            ))
        try await withServer(slow) { _, slowAddress in
            try await withClient(slowAddress) { next in
                let relay = TestService(
                    (
                        .change,
                        { call in
                            let reply = try await next.call(.echo, call.payload, CallOptions(from: call.context))
                            return ServerReply(payload: reply.payload)
                        }
                    ))
                try await withServer(relay) { _, address in
                    try await withClient(address) { client in
                        _ = try await client.call(.change, .text("at once"), CallOptions())
                        let error = await rpcError {
                            try await client.call(.change, ByteBuffer(), CallOptions(timeout: .milliseconds(300)))
                        }
                        #expect(error == .deadlineExceeded)
                        await cancelled.arrivals(1)
                    }
                }
            }
        }
    }

    @Test func `a caller that has gone still counts until its handler returns`() async throws {
        let gate = Gate()
        let stubborn = TestService(
            (
                .echo,
                { call in
                    await gate.pass()
                    return ServerReply(payload: call.payload)
                }
            ))
        try await withServer(stubborn) { server, address in
            try await withClient(address) { client in
                let caller = Task { await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions()) } }
                await gate.arrivals(1)
                caller.cancel()
                #expect(await caller.value == .cancelled)
                #expect(server.callsInFlight == 1)
                gate.open()
            }
        }
    }
}

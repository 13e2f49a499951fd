import HMSTestKit
import NIOCore
import RPC
import Synchronization
import Testing

/// Calls without a socket end as those over one do.
@Suite(.timeLimit(.minutes(1))) struct InProcessChannelTests {
    private let service = Sleeper()

    @Test func `a call that takes too long ends with DEADLINE_EXCEEDED, and its handler is cancelled`() async throws {
        let error = await #expect(throws: RPCError.self) { try await sleep(CallOptions(timeout: .milliseconds(20))) }
        #expect(error == .deadlineExceeded)
        while !service.wasCancelled.load(ordering: .relaxed) { await Task.yield() }
    }

    @Test func `cancelling the caller cancels the handler`() async throws {
        let caller = Task { try await sleep(CallOptions(timeout: .seconds(50))) }
        while !service.hasBegun.load(ordering: .relaxed) { await Task.yield() }
        caller.cancel()
        let error = await #expect(throws: RPCError.self) { try await caller.value }
        #expect(error == .cancelled)
        while !service.wasCancelled.load(ordering: .relaxed) { await Task.yield() }
    }

    @Test func `a handler sees how much time its caller grants`() async throws {
        let reply = try await InProcessChannel(services: [service])
            .call(Sleeper.clock, ByteBuffer(), CallOptions(timeout: .seconds(55)))
        let granted = try #require(Int(String(buffer: reply.payload)))
        #expect((21...55).contains(granted))
    }

    private func sleep(_ options: CallOptions) async throws -> ClientReply {
        try await InProcessChannel(services: [service]).call(Sleeper.sleep, ByteBuffer(), options)
    }
}

/// Sleeps until it is cancelled, or tells what time it has.
private final class Sleeper: RPCService {
    static let sleep = MethodDescriptor(name: "hms.test.v1.SleepService/Sleep", roles: .anyone)
    static let clock = MethodDescriptor(name: "hms.test.v1.SleepService/Clock", roles: .anyone)

    let hasBegun = Atomic(false)
    let wasCancelled = Atomic(false)

    var methods: [MethodDescriptor] { [Self.sleep, Self.clock] }

    func call(_ call: ServerCall) async throws -> ServerReply {
        guard call.context.method == Self.sleep else {
            return ServerReply(payload: ByteBuffer(string: "\(call.context.deadline.remaining.components.seconds + 1)"))
        }
        hasBegun.store(true, ordering: .relaxed)
        while (try? await Task.sleep(for: .seconds(60))) != nil {}
        wasCancelled.store(true, ordering: .relaxed)
        throw CancellationError()
    }
}

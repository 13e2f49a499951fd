import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RPC

/// Calls that wait without a task for somebody to release them end as all others do.
@Suite(.timeLimit(.minutes(1))) struct HoldTests {
    private func withHeld(_ keepers: Keeper..., body: (RPCClient) async throws -> Void) async throws {
        try await withServer(Echo(), interceptors: keepers) { _, address in try await withClient(address) { try await body($0) } }
    }

    private func ask(_ client: any RPCChannel, _ text: String, _ options: CallOptions = CallOptions()) async -> Result<String, RPCError> {
        do {
            return .success(try await client.call(.echo, .text(text), options).payload.text)
        } catch {
            return .failure(error as? RPCError ?? .internal)
        }
    }

    @Test func `all are answered when they are released, in whatever order and by whatever thread`() async throws {
        let keeper = Keeper()
        try await withHeld(keeper) { client in
            let asked = (0..<50).map { number in Task { await ask(client, "\(number)") } }
            await keeper.gate.arrivals(50)
            await Task.detached { keeper.release(reversed: true) }.value
            for (number, answer) in asked.enumerated() { #expect(await answer.value == .success("\(number) kept")) }
        }
    }

    @Test(arguments: [1, 3])
    func `one that is over at once, and several behind each other`(count: Int) async throws {
        let keepers = (0..<count).map { _ in Keeper(releasesAtOnce: true) }
        try await withServer(Echo(), interceptors: keepers) { _, address in
            try await withClient(address) { client in
                for number in 0..<20 {
                    #expect(await ask(client, "\(number)") == .success("\(number)" + String(repeating: " kept", count: count)))
                }
            }
        }
    }

    @Test func `who releases may refuse, and a refusal may be held`() async throws {
        try await withHeld(Keeper(releasesAtOnce: true), Keeper(releasesAtOnce: true, refuses: true)) { client in
            #expect(await ask(client, "now") == .failure(RPCError(.permissionDenied, "NO")))
        }
    }

    @Test(arguments: [true, false])
    func `who waits no longer, or hangs up, hears of it, and his release harms nobody`(hangsUp: Bool) async throws {
        let keeper = Keeper()
        try await withHeld(keeper) { client in
            let options = CallOptions(timeout: hangsUp ? .seconds(60) : .milliseconds(300))
            let caller = Task { await ask(client, "first", options) }
            await keeper.gate.arrivals(1)
            if hangsUp { caller.cancel() }
            #expect(await caller.value == .failure(hangsUp ? .cancelled : .deadlineExceeded))
            keeper.release()
            let next = Task { await ask(client, "second") }
            await keeper.gate.arrivals(2)
            keeper.release()
            #expect(await next.value == .success("second kept"))
        }
    }

    @Test func `a server that stops does not wait for ever, and a release after its end harms nobody`() async throws {
        let keeper = Keeper()
        try await withServer(Echo(), interceptors: [keeper]) { server, address in
            try await withClient(address) { client in
                let caller = Task { await ask(client, "now") }
                await keeper.gate.arrivals(1)
                await server.shutdownGracefully(grace: .zero)
                #expect(await caller.value.isFailure)
                keeper.release()
            }
        }
    }

    @Test func `a server that stops with grace lets them end`() async throws {
        let keeper = Keeper()
        try await withServer(Echo(), interceptors: [keeper]) { server, address in
            try await withClient(address) { client in
                let caller = Task { await ask(client, "now") }
                await keeper.gate.arrivals(1)
                async let stopped: Void = server.shutdownGracefully(grace: .seconds(60))
                keeper.release()
                await stopped
                #expect(await caller.value == .success("now kept"))
            }
        }
    }

    // MARK: Over another protocol

    private func withServedChannel(_ keeper: Keeper, _ body: (ServedChannel) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let table = ServiceTable(services: [Echo()], interceptors: [keeper], logger: quietLogger)
        let environment = ServerEnvironment(table: table, options: .patient, group: group, logger: quietLogger)
        let loop = group.next()
        let channel = try await loop.submit { ServedChannel(environment, environment.resources(of: loop), peer: "192.0.2.7:1") }.get()
        try await body(channel)
        #expect(environment.load.callsInFlight == 0)
    }

    @Test func `over another protocol, too, they are answered when they are released`() async throws {
        let keeper = Keeper()
        try await withServedChannel(keeper) { channel in
            let asked = (0..<20).map { number in Task { await ask(channel, "\(number)", CallOptions(timeout: .seconds(60))) } }
            await keeper.gate.arrivals(20)
            keeper.release()
            for (number, answer) in asked.enumerated() { #expect(await answer.value == .success("\(number) kept")) }
        }
    }

    @Test func `over another protocol, too, who waits no longer hears of it`() async throws {
        let keeper = Keeper()
        try await withServedChannel(keeper) { channel in
            let caller = Task { await ask(channel, "first", CallOptions(timeout: .milliseconds(300))) }
            await keeper.gate.arrivals(1)
            #expect(await caller.value == .failure(.deadlineExceeded))
            keeper.release()
            let next = Task { await ask(channel, "second", CallOptions(timeout: .seconds(60))) }
            await keeper.gate.arrivals(2)
            keeper.release()
            #expect(await next.value == .success("second kept"))
        }
    }
}

/// Answers every request with itself, at once.
private struct Echo: RPCService {
    var methods: [MethodDescriptor] { [.echo] }

    func call(_ call: ServerCall) async throws -> ServerReply { ServerReply(payload: call.payload) }

    func answerAtOnce(_ call: ServerCall) throws -> ServerReply? { ServerReply(payload: call.payload) }
}

/// Holds calls until a test releases them, and marks their answers.
private final class Keeper: ServerHold {
    private let releasesAtOnce: Bool
    private let refuses: Bool
    private let held = Mutex<[@Sendable () -> Void]>([])
    /// Where those arrive that are held.
    let gate = Gate()

    init(releasesAtOnce: Bool = false, refuses: Bool = false) {
        self.releasesAtOnce = releasesAtOnce
        self.refuses = refuses
    }

    func release(reversed: Bool = false) {
        let released = held.withLock { held in
            defer { held = [] }
            return held
        }
        for release in reversed ? released.reversed() : released { release() }
    }

    func enter(_ call: ServerCall) -> Bool { true }

    func reviews(_ call: ServerCall, _ outcome: Result<ServerReply, any Error>) -> Bool { true }

    func hold(
        _ call: ServerCall, _ outcome: Result<ServerReply, any Error>, then: @escaping @Sendable (Result<ServerReply, any Error>) -> Void
    ) {
        let marked: Result<ServerReply, any Error> =
            refuses
            ? .failure(RPCError(.permissionDenied, "NO"))
            : outcome.map { reply in
                var reply = reply
                reply.payload.writeString(" kept")
                return reply
            }
        if releasesAtOnce { return then(marked) }
        held.withLock { $0.append { then(marked) } }
        gate.arrive()
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}

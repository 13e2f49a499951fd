import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RPC

/// Calls over several real servers that stand for one service.
@Suite(.timeLimit(.minutes(3))) struct ReplicaTests {
    /// A server that counts its calls, and refuses them while it is told to.
    private final class Instance: Sendable {
        let server: RPCServer
        let address: SocketAddress
        let calls: Counter
        let refusal: Refusal

        private init(_ server: RPCServer, _ address: SocketAddress, _ calls: Counter, _ refusal: Refusal) {
            self.server = server
            self.address = address
            self.calls = calls
            self.refusal = refusal
        }

        /// All are served by one thread, so that none is slower than another because of what else this process does.
        private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

        static func start(connectionAge: Duration? = nil) async throws -> Instance {
            let (calls, refusal) = (Counter(), Refusal())
            let service = TestService(
                (
                    .echo,
                    { call in
                        calls.add()
                        if refusal.isOn { throw RPCError.unavailable("not now") }
                        // All instances share this process: what a call costs there must not be what decides.
                        try await Task.sleep(for: .milliseconds(1))
                        return ServerReply(payload: call.payload)
                    }
                ))
            var options = RPCServerOptions.patient
            if let connectionAge { options.maximumConnectionAge = connectionAge }
            let server = RPCServer(services: [service], options: options, eventLoopGroup: group, logger: quietLogger)
            let port = try await server.start().port
            return Instance(server, try SocketAddress(ipAddress: "127.0.0.1", port: port), calls, refusal)
        }

        func stop() async { await server.shutdownGracefully(grace: .seconds(5)) }
    }

    /// Whether a server refuses everything.
    private final class Refusal: Sendable {
        private let state = Mutex(false)
        var isOn: Bool { state.withLock { $0 } }
        func set(_ isOn: Bool) { state.withLock { $0 = isOn } }
    }

    private static func start(_ count: Int) async throws -> [Instance] {
        var instances: [Instance] = []
        for _ in 0..<count { instances.append(try await .start()) }
        return instances
    }

    /// A client of one name, which stands for what `resolver` says.
    private func withClient(
        of resolver: ChangingResolver, lookUpPace: Duration = .milliseconds(20), _ body: (RPCClient) async throws -> Void
    ) async throws {
        var options = RPCClientOptions.patient
        options.resolver = resolver
        options.lookUpPace = lookUpPace
        let client = RPCClient(host: "echo.internal", port: 7000, options: options, logger: quietLogger)
        do {
            try await body(client)
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    /// Makes calls, eight at a time, until so many have ended, and answers how many of them failed.
    private func call(_ client: RPCClient, times: Int) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var failures = 0
                    for _ in 0..<times / 8 where await rpcError({ try await client.call(.echo, .text("x"), CallOptions()) }) != nil {
                        failures += 1
                    }
                    return failures
                }
            }
            return await group.reduce(0, +)
        }
    }

    /// Calls until that is so.
    private func call(_ client: RPCClient, until isSo: () -> Bool) async throws {
        while !isSo() { _ = try await client.call(.echo, .text("x"), CallOptions()) }
    }

    @Test func `calls spread evenly over all addresses that a name stands for`() async throws {
        let instances = try await Self.start(3)
        try await withClient(of: ChangingResolver(instances.map(\.address))) { client in
            try await call(client) { instances.allSatisfy { $0.calls.value > 0 } }
            let before = instances.map(\.calls.value)
            #expect(await call(client, times: 2_400) == 0)
            for (instance, before) in zip(instances, before) { #expect((640...960).contains(instance.calls.value - before)) }
        }
        for instance in instances { await instance.stop() }
    }

    @Test func `a replica that refuses everything is ejected, and no call fails that may be tried again`() async throws {
        let instances = try await Self.start(3)
        try await withClient(of: ChangingResolver(instances.map(\.address))) { client in
            try await call(client) { instances.allSatisfy { $0.calls.value > 0 } }
            instances[0].refusal.set(true)
            let before = instances[0].calls.value
            var failures = 0
            for _ in 0..<60 where await rpcError({ try await client.call(.echo, .text("x"), CallOptions()) }) != nil { failures += 1 }
            #expect(failures == 0)
            #expect(instances[0].calls.value - before < 30)
            instances[0].refusal.set(false)
            let refused = instances[0].calls.value
            try await call(client) { instances[0].calls.value > refused + 10 }
        }
        for instance in instances { await instance.stop() }
    }

    @Test func `a replica that drains gets no more calls, and none fails`() async throws {
        let instances = try await Self.start(3)
        try await withClient(of: ChangingResolver(instances.map(\.address))) { client in
            try await call(client) { instances.allSatisfy { $0.calls.value > 0 } }
            async let failures = call(client, times: 2_000)
            await instances[1].stop()
            let last = instances[1].calls.value
            #expect(await failures == 0)
            #expect(instances[1].calls.value == last)
        }
        for instance in instances { await instance.stop() }
    }

    @Test func `a replica that is added gets its share, and one that is taken away gets none`() async throws {
        let instances = try await Self.start(3)
        let resolver = ChangingResolver([instances[0].address, instances[1].address])
        try await withClient(of: resolver) { client in
            try await call(client) { instances[0].calls.value > 0 && instances[1].calls.value > 0 }
            #expect(instances[2].calls.value == 0)
            resolver.change(to: [instances[1].address, instances[2].address])
            try await call(client) { instances[2].calls.value > 0 }
            let before = instances.map(\.calls.value)
            #expect(await call(client, times: 2_000) == 0)
            #expect(instances[0].calls.value == before[0])
            for index in 1...2 { #expect((800...1_200).contains(instances[index].calls.value - before[index])) }
        }
        for instance in instances { await instance.stop() }
    }

    @Test func `a service that comes back under another address is found`() async throws {
        let old = try await Instance.start()
        let resolver = ChangingResolver([old.address])
        try await withClient(of: resolver) { client in
            _ = try await client.call(.echo, .text("x"), CallOptions())
            await old.stop()
            let new = try await Instance.start()
            resolver.change(to: [new.address])
            while await rpcError({ try await client.call(.echo, .text("x"), CallOptions()) }) != nil {}
            #expect(new.calls.value > 0)
            await new.stop()
        }
    }

    @Test func `a connection that takes no more calls makes for an earlier look, though its server can be reached`() async throws {
        let (old, new) = (try await Instance.start(connectionAge: .seconds(1)), try await Instance.start())
        let resolver = ChangingResolver([old.address])
        try await withClient(of: resolver, lookUpPace: .seconds(3600)) { client in
            _ = try await client.call(.echo, .text("x"), CallOptions())
            resolver.change(to: [new.address])
            try await call(client) { new.calls.value > 0 }
        }
        await old.stop()
        await new.stop()
    }

    @Test func `a name that stands for nobody is UNAVAILABLE, and says so`() async throws {
        try await withClient(of: ChangingResolver([])) { client in
            let error = await rpcError { try await client.call(.echo, .text("x"), CallOptions()) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("echo.internal:7000 stands for no address") == true)
        }
    }

    @Test func `the system looks a name up`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let found = try await SystemResolver().addresses(of: ServerAddress(host: "localhost", port: 7), on: loop).get()
        #expect(found.contains { $0.hostAndPort == "127.0.0.1:7" || $0.hostAndPort == "[::1]:7" })
    }
}

/// Says of every name what a test says.
final class ChangingResolver: AddressResolver {
    private let addresses: Mutex<[SocketAddress]>

    init(_ addresses: [SocketAddress]) {
        self.addresses = Mutex(addresses)
    }

    func change(to addresses: [SocketAddress]) {
        self.addresses.withLock { $0 = addresses }
    }

    func addresses(of name: ServerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeSucceededFuture(addresses.withLock { $0 })
    }
}

import Logging
import NIOCore
import NIOPosix
import RPC
import Synchronization

private let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension MethodDescriptor {
    /// May be repeated: whatever happens to the network, a call of it must not fail.
    static let echo = MethodDescriptor(name: "hms.test.v1.EchoService/Echo", idempotency: .readOnly, roles: .anyone)
}

/// A service that answers each request with itself, on a host of its own.
final class EchoReplica: Sendable {
    static let port = 7000
    /// All are served by one thread, so that none is slower than another because of what else this machine does.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    let host: Host
    let address: SocketAddress
    private let server: RPCServer
    private let count: CallCount

    var calls: Int { count.value }

    private init(_ host: Host, _ server: RPCServer, _ count: CallCount) throws {
        self.host = host
        self.server = server
        self.count = count
        address = try SocketAddress(ipAddress: host.address, port: Self.port)
    }

    static func start(on host: Host) async throws -> EchoReplica {
        let count = CallCount()
        var options = RPCServerOptions()
        options.listener = try await host.boundSocket(port: port)
        let server = RPCServer(
            services: [EchoService(count: count)], options: options, eventLoopGroup: group, logger: quietLogger)
        try await server.start()
        return try EchoReplica(host, server, count)
    }

    func stop(grace: Duration = .seconds(5)) async {
        await server.shutdownGracefully(grace: grace)
    }
}

private struct EchoService: RPCService {
    let count: CallCount
    var methods: [MethodDescriptor] { [.echo] }

    func call(_ call: ServerCall) async throws -> ServerReply {
        count.add()
        // All replicas share this machine: what a call costs there must not be what decides.
        try await Task.sleep(for: .milliseconds(2))
        return ServerReply(payload: call.payload)
    }
}

final class CallCount: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
}

/// Says which replicas there are.
final class Directory: AddressResolver {
    private let replicas = Mutex<[SocketAddress]>([])
    private let count = CallCount()

    /// How often it was asked.
    var lookUps: Int { count.value }

    func list(_ replicas: [EchoReplica]) {
        self.replicas.withLock { $0 = replicas.map(\.address) }
    }

    func addresses(of name: ServerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        count.add()
        return eventLoop.makeSucceededFuture(replicas.withLock { $0 })
    }
}

/// Callers on a host who call without a pause, sixteen at once, until they are stopped.
final class Load: Sendable {
    private let client: RPCClient
    private let group: MultiThreadedEventLoopGroup
    private let isStopped = Atomic(false)
    private let failures = Mutex<[String]>([])
    private let done = CallCount()
    private let callers = (0..<16).map { _ in CallCount() }
    private let running = Mutex<Task<Void, Never>?>(nil)

    private init(_ client: RPCClient, _ group: MultiThreadedEventLoopGroup) {
        self.client = client
        self.group = group
    }

    var calls: Int { done.value }

    static func start(
        from host: Host, at directory: Directory, bytes: Int = 200, _ configure: (inout RPCClientOptions) -> Void = { _ in }
    ) async throws -> Load {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await group.next().submit { try host.enter() }.get()
        var options = RPCClientOptions()
        options.resolver = directory
        options.lookUpPace = .milliseconds(500)
        options.defaultTimeout = .seconds(50)
        configure(&options)
        let client = RPCClient(host: "echo.internal", port: EchoReplica.port, options: options, eventLoopGroup: group, logger: quietLogger)
        let load = Load(client, group)
        load.running.withLock { $0 = Task { await load.run(ByteBuffer(repeating: 7, count: bytes)) } }
        return load
    }

    private func run(_ request: ByteBuffer) async {
        await withTaskGroup(of: Void.self) { group in
            for caller in callers { group.addTask { await self.callOn(request, caller) } }
        }
    }

    private func callOn(_ request: ByteBuffer, _ caller: CallCount) async {
        while !isStopped.load(ordering: .relaxed) {
            do {
                _ = try await client.call(.echo, request, CallOptions())
                done.add()
                caller.add()
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
    }

    /// Waits until so many more calls have ended well.
    func calls(_ count: Int) async {
        let goal = calls + count
        while calls < goal { try? await Task.sleep(for: .milliseconds(1)) }
    }

    /// Waits until that is so. The test's limit of time ends it otherwise.
    func until(_ isSo: () -> Bool) async {
        while !isSo() { try? await Task.sleep(for: .milliseconds(1)) }
    }

    /// Waits until each caller had ten more calls answered: none is stuck in one.
    func everyCallerGoesOn() async {
        let goals = callers.map { $0.value + 10 }
        await until { zip(callers, goals).allSatisfy { $0.value >= $1 } }
    }

    /// What each replica gets of so many calls, as a share of what would be even.
    func shares(of replicas: [EchoReplica], calls count: Int = 3_000) async -> [Double] {
        let before = replicas.map(\.calls)
        await calls(count)
        let gained = zip(replicas, before).map { Double($0.calls - $1) }
        let even = gained.reduce(0, +) / Double(replicas.count)
        return gained.map { $0 / even }
    }

    /// Ends the load, and answers why calls failed.
    func stop() async throws -> [String] {
        isStopped.store(true, ordering: .relaxed)
        await running.withLock { $0 }?.value
        await client.close()
        try await group.shutdownGracefully()
        return failures.withLock { $0 }
    }
}

import Logging
import NIOCore
import NIOPosix
import RPC
import Routes
import ServiceKit
import ServiceLifecycle

@testable import RESTShim

/// A running shim on a port of its own.
struct Shim {
    let port: Int
    let identity: IdentityConfiguration
    let log: LogLines
    let group: ServiceGroup

    /// Starts a shim with the sample routes before a fake service.
    static func run(
        channel: FakeChannel = FakeChannel(), logger: Logger = .quiet,
        loops: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup, configure: (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (Shim) async throws -> Void
    ) async throws {
        try await TestIdentity.use { identity in
            try await run(
                identity, routes: SampleRoutes.all, channels: ["sample": channel], logger: logger, loops: loops, configure: configure, body)
        }
    }

    /// Starts a shim with keys of its own.
    static func run(
        routes: [Route], channels: [String: any RPCChannel], logger: Logger = .quiet,
        configure: (inout RESTServerConfiguration) -> Void = { _ in }, _ body: (Shim) async throws -> Void
    ) async throws {
        try await TestIdentity.use { identity in
            try await run(identity, routes: routes, channels: channels, logger: logger, configure: configure, body)
        }
    }

    /// Starts a shim, runs `body` against it, and stops it.
    static func run(
        _ identity: TestIdentity, routes: [Route], channels: [String: any RPCChannel], logger: Logger = .quiet,
        loops: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup, configure: (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (Shim) async throws -> Void
    ) async throws {
        var configuration = RESTServerConfiguration()
        configuration.port = 0
        // Where many tests share a machine, everything waits.
        configuration.admission.minimum = configuration.admission.maximum
        configuration.limits.haveAllTime()
        configure(&configuration)
        let log = LogLines()
        let requestLog = RequestLog { log.append($0) }
        let (ports, tellPort) = AsyncStream.makeStream(of: Int.self)
        let server = RESTServer(
            configuration, routes: routes, channels: channels, verifier: try await TokenVerifier(identity.configuration, logger: .quiet),
            eventLoopGroup: loops, requestLog: requestLog, logger: logger,
            onListening: { tellPort.yield($0) })
        let group = ServiceGroup(services: [server], logger: .quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return }
            try await body(Shim(port: port, identity: identity.configuration, log: log, group: group))
            tasks.cancelAll()
        }
    }

    /// Asks the shim to stop, and lets it take its time.
    func stop() async {
        await group.triggerGracefulShutdown()
    }

    /// A person's token, or that of a service of the hospital.
    func token(_ role: CallerRole = .reception, subject: String = "usr_1") async throws -> String {
        let isService = role == .service
        let key = try SigningKey(pemFile: isService ? identity.serviceKeyFile(of: TestIdentity.services[0]) : identity.signingKeyFile)
        return try TokenSigner(key: key, identity).sign(
            subject: isService ? TestIdentity.services[0] : subject, role: role, lifetime: .seconds(600))
    }

    /// One request on a connection of its own.
    func ask(_ method: String, _ target: String, _ fields: [String: String] = [:], body: String? = nil, role: CallerRole? = .reception)
        async throws -> Answer
    {
        try await ask(method, target, fields, bytes: body.map { Array($0.utf8) }, role: role)
    }

    /// The same with a body that is no text.
    func ask(_ method: String, _ target: String, _ fields: [String: String], bytes: [UInt8]?, role: CallerRole? = .reception)
        async throws -> Answer
    {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: hospital\r\n"
        if let role, fields["Authorization"] == nil { head += "Authorization: Bearer \(try await token(role))\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let bytes {
            if fields["Content-Type"] == nil { head += "Content-Type: application/json\r\n" }
            head += "Content-Length: \(bytes.count)\r\n"
        }
        let request = Array((head + "\r\n").utf8) + (bytes ?? [])
        return try await RawConnection.open(port: port) { connection in
            try await connection.send(request)
            return try await connection.answer(isHead: method == "HEAD")
        }
    }
}

extension HTTPLimits {
    /// A machine that does much else closes nobody who is slow for its sake; who asks for the time itself says it afterwards.
    fileprivate mutating func haveAllTime() {
        (firstRequestTimeout, probeTimeout, headTimeout, disconnectGrace) = (.minutes(2), .minutes(2), .minutes(2), .minutes(2))
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

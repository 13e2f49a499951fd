import Foundation
import Logging
import NIOPosix
import RPC
import ServiceKit
import ServiceLifecycle

@testable import RESTShim

/// A running shim on a port of its own, before a fake service.
struct Shim {
    let port: Int
    let identity: IdentityConfiguration
    let log: LogLines
    let requestLog: RequestLog
    let group: ServiceGroup

    /// Starts a shim with the sample routes before a fake service.
    static func run(
        channel: FakeChannel = FakeChannel(), configure: (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (Shim) async throws -> Void
    ) async throws {
        try await run(routes: SampleRoutes.all, channels: ["sample": channel], configure: configure, body)
    }

    /// Starts a shim, runs `body` against it, and stops it.
    static func run(
        routes: [Route], channels: [String: any RPCChannel], configure: (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (Shim) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shim-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let identity = IdentityConfiguration(dataFolder: folder)
        _ = try SigningKey.findOrMake(identity)
        try ServiceKeys.findOrMake(for: [service], identity)
        var configuration = RESTServerConfiguration()
        configuration.port = 0
        configure(&configuration)
        let log = LogLines()
        let requestLog = RequestLog { log.append($0) }
        let (ports, tellPort) = AsyncStream.makeStream(of: Int.self)
        let server = RESTServer(
            configuration, routes: routes, channels: channels, verifier: try await TokenVerifier(identity, logger: .quiet),
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup, requestLog: requestLog, logger: .quiet,
            onListening: { tellPort.yield($0) })
        let group = ServiceGroup(services: [server], logger: .quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return }
            try await body(Shim(port: port, identity: identity, log: log, requestLog: requestLog, group: group))
            tasks.cancelAll()
        }
    }

    /// A person's token, or that of a service of the hospital.
    func token(_ role: CallerRole = .reception, subject: String = "usr_1") async throws -> String {
        let isService = role == .service
        let key = try SigningKey(pemFile: isService ? identity.serviceKeyFile(of: Self.service) : identity.signingKeyFile)
        return try await TokenSigner(key: key, identity).sign(
            subject: isService ? Self.service : subject, role: role, lifetime: .seconds(600))
    }

    private static let service = "patient"

    func flushLog() {
        requestLog.flush()
    }

    /// One request on a connection of its own.
    func ask(_ method: String, _ target: String, _ fields: [String: String] = [:], body: String? = nil, role: CallerRole? = .reception)
        async throws -> Answer
    {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: hospital\r\n"
        if let role, fields["Authorization"] == nil { head += "Authorization: Bearer \(try await token(role))\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body {
            if fields["Content-Type"] == nil { head += "Content-Type: application/json\r\n" }
            head += "Content-Length: \(body.utf8.count)\r\n"
        }
        let request = head + "\r\n" + (body ?? "")
        return try await RawConnection.open(port: port) { connection in
            try await connection.send(request)
            return try await connection.answer(isHead: method == "HEAD")
        }
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

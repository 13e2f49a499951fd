import Foundation
import Logging
import NIOCore
import NIOPosix
import RPC

/// Quiet: what the server logs is not what these tests look at.
let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension RPCServerOptions {
    /// With time enough for a machine that is busy with other things.
    static var patient: RPCServerOptions {
        var options = RPCServerOptions()
        options.limits.helloTimeout = .seconds(60)
        options.limits.closeTimeout = .seconds(20)
        return options
    }
}

extension RPCClientOptions {
    /// With time enough for a machine that is busy with other things.
    static var patient: RPCClientOptions {
        var options = RPCClientOptions()
        options.limits.helloTimeout = .seconds(60)
        options.connectTimeout = .seconds(60)
        options.defaultTimeout = .seconds(60)
        return options
    }
}

/// Runs `body` against a real server on a free port, and stops the server afterwards.
func withServer<Result>(
    _ services: any RPCService..., interceptors: [any ServerInterceptor] = [], options: RPCServerOptions = .patient,
    _ body: (RPCServer, ServerAddress) async throws -> Result
) async throws -> Result {
    let server = RPCServer(services: services, interceptors: interceptors, options: options, logger: quietLogger)
    let address = try await server.start()
    do {
        let result = try await body(server, address)
        await server.shutdownGracefully(grace: .zero)
        return result
    } catch {
        await server.shutdownGracefully(grace: .zero)
        throw error
    }
}

/// Starts a server on a port that nobody takes once the server has stopped: below those that the kernel gives away, and
/// that a starting hospital looks for.
func startOnLastingPort(_ services: any RPCService...) async throws -> (RPCServer, ServerAddress) {
    while true {
        if let (server, address) = try await start(services, on: Int.random(in: 12_000...19_000)) { return (server, address) }
    }
}

/// Starts a server on the port that another has left. A child process that is just being started may hold on to it for a
/// moment longer.
func startOnceFree(_ port: Int, _ services: any RPCService...) async throws -> RPCServer {
    while true {
        if let (server, _) = try await start(services, on: port) { return server }
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// Nil where the port is taken.
private func start(_ services: [any RPCService], on port: Int) async throws -> (RPCServer, ServerAddress)? {
    var options = RPCServerOptions()
    options.port = port
    let server = RPCServer(services: services, options: options, logger: quietLogger)
    do {
        return (server, try await server.start())
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
        return nil
    }
}

/// Runs `body` with a client of that address, and closes the client afterwards.
func withClient<Result>(
    _ address: ServerAddress, options: RPCClientOptions = .patient, _ body: (RPCClient) async throws -> Result
) async throws -> Result {
    let client = RPCClient(addresses: [address], options: options, logger: quietLogger)
    do {
        let result = try await body(client)
        await client.close()
        return result
    } catch {
        await client.close()
        throw error
    }
}

/// The error that `body` throws, or nil.
func rpcError(_ body: () async throws -> some Any) async -> RPCError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? RPCError
    }
}

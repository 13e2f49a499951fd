import Logging
import NIOCore
import NIOPosix
import RPC

/// Quiet: what the server logs is not what these tests look at.
let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs `body` against a real server on a free port, and stops the server afterwards.
func withServer<Result>(
    _ services: any RPCService..., interceptors: [any ServerInterceptor] = [], options: RPCServerOptions = RPCServerOptions(),
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

/// Runs `body` with a client of that address, and closes the client afterwards.
func withClient<Result>(
    _ address: ServerAddress, options: RPCClientOptions = RPCClientOptions(), _ body: (RPCClient) async throws -> Result
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

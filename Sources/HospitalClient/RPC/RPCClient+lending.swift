import Logging
public import RPC
public import ServiceKit

extension RPCClient {
    /// Lends a client of one service, over TLS where that is given.
    public static func withClient<Result>(
        to address: NetworkAddress, tls: ClientTLS? = nil, _ body: (RPCClient) async throws -> Result
    ) async throws -> Result {
        // Whatever goes wrong is told as the error of the call; a person at a terminal needs no log beside it.
        let silent = Logger(label: "hms-call") { _ in SwiftLogNoOpLogHandler() }
        var options = RPCClientOptions()
        options.tls = tls
        let client = RPCClient(host: address.host, port: address.port, options: options, logger: silent)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}

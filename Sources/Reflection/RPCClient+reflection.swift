import HospitalClient
public import RPC
public import ServiceKit

extension RPCClient {
    /// Lends a client of one service, and what reflection makes of it.
    public static func withClient<Result>(
        to address: NetworkAddress, tls: ClientTLS? = nil, options: CallOptions, _ body: (ReflectedCall) async throws -> Result
    ) async throws -> Result {
        try await withClient(to: address, tls: tls) { try await body(ReflectedCall($0, options: options)) }
    }
}

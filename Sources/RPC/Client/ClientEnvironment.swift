import Logging

/// What all connections of a client share.
struct ClientEnvironment: Sendable {
    let addresses: [ServerAddress]
    let options: RPCClientOptions
    let logger: Logger
    let counts = ClientCounts()
}

import Logging
import NIOCore

/// What all connections of a server share.
final class ServerEnvironment: Sendable {
    let table: ServiceTable
    let options: RPCServerOptions
    let load: ServerLoad
    let connections: ConnectionRegistry
    let handshakes: HandshakeCount
    let logger: Logger
    private let loops: [ObjectIdentifier: LoopResources]

    init(table: ServiceTable, options: RPCServerOptions, group: any EventLoopGroup, logger: Logger) {
        self.table = table
        self.options = options
        self.logger = logger
        load = ServerLoad(
            maximumCalls: options.maximumCallsInFlight, maximumBytes: options.maximumHeldBytes,
            maximumStreams: options.maximumStreamsInFlight)
        handshakes = HandshakeCount(limit: options.tls?.maximumHandshakes ?? 0)
        connections = ConnectionRegistry(limit: options.maximumConnections)
        loops = LoopResources.all(of: group)
    }

    func resources(of eventLoop: any EventLoop) -> LoopResources {
        loops[ObjectIdentifier(eventLoop)] ?? LoopResources(on: eventLoop)
    }
}

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
    private let watches: [ObjectIdentifier: TurnWatch]

    init(table: ServiceTable, options: RPCServerOptions, group: any EventLoopGroup, logger: Logger) {
        self.table = table
        self.options = options
        self.logger = logger
        load = ServerLoad(
            options.admission ?? Admission(always: options.maximumCallsInFlight), maximumBytes: options.maximumHeldBytes,
            maximumStreams: options.maximumStreamsInFlight)
        handshakes = HandshakeCount(limit: options.tls?.maximumHandshakes ?? 0)
        connections = ConnectionRegistry(limit: options.maximumConnections)
        loops = LoopResources.all(of: group)
        let isMeasured = options.admission != nil
        watches = loops.filter { _ in isMeasured }.mapValues { [load] in
            TurnWatch(on: $0.eventLoop, telling: load.admission) { load.callsInFlight }
        }
    }

    /// Nil where nobody asks how long calls wait.
    func watch(on eventLoop: any EventLoop) -> TurnWatch? {
        watches[ObjectIdentifier(eventLoop)]
    }

    func resources(of eventLoop: any EventLoop) -> LoopResources {
        loops[ObjectIdentifier(eventLoop)] ?? LoopResources(on: eventLoop)
    }
}

import Logging
import NIOCore
import NIOHTTP1
import RPC

/// What all connections of the server share.
struct HTTPServerCore: Sendable {
    let limits: HTTPLimits
    let responder: RESTResponder
    let connections: OpenConnections
    let bodies: BodyBudget
    let log: DoorLog
    let dates = HTTPDateCache()
    /// One for each event loop, so that what becomes ready on a loop runs in one go.
    private let executors: [ObjectIdentifier: EventLoopExecutor]
    private let turns: [ObjectIdentifier: TurnQueue]

    init(limits: HTTPLimits, responder: RESTResponder, eventLoopGroup: any EventLoopGroup, logger: Logger) {
        self.limits = limits
        self.responder = responder
        log = DoorLog(logger: logger)
        connections = OpenConnections(limits, log: log)
        bodies = BodyBudget(total: limits.bodyBudget, share: limits.bodyShare)
        let loops = Array(eventLoopGroup.makeIterator())
        executors = Dictionary(loops.map { (ObjectIdentifier($0), EventLoopExecutor(on: $0)) }) { first, _ in first }
        turns = Dictionary(loops.map { (ObjectIdentifier($0), TurnQueue(eventLoop: $0)) }) { first, _ in first }
    }

    /// Sets up an accepted connection: the pacer, the HTTP/1.1 decoder, and one handler for everything else. A request is
    /// worked on where it arrived, on its connection's event loop.
    func setUp(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let seat = connections.admit(channel) else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
            let pacer = RequestPacer(turns: turns[ObjectIdentifier(channel.eventLoop)] ?? TurnQueue(eventLoop: channel.eventLoop))
            let connection = HTTPConnection(core: self, seat: seat, pacer: pacer, executor: executor(on: channel.eventLoop))
            pacer.connection = connection
            try channel.pipeline.syncOperations.addHandlers([pacer, ByteToMessageHandler(decoder), connection])
        }
    }

    private func executor(on eventLoop: any EventLoop) -> EventLoopExecutor {
        executors[ObjectIdentifier(eventLoop)] ?? EventLoopExecutor(on: eventLoop)
    }

    private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = max(limits.headerFieldByteCount, limits.targetByteCount)
        configuration.maxHeaderListSize = limits.headerListByteCount
        configuration.maxHeaderFieldCount = limits.headerFieldCount
        return configuration
    }
}

import Logging
import NIOCore
import NIOHTTP1
import RPC

/// What all connections of the server share.
struct HTTPServerCore: Sendable {
    let limits: HTTPLimits
    /// Nil: HTTP without TLS.
    private let credentials: TLSCredentials?
    let responder: RESTResponder
    let connections: OpenConnections
    let bodies: BodyBudget
    let log: AdmissionLog
    let dates = HTTPDateCache()
    private let loops: [ObjectIdentifier: LoopResources]

    /// What the connections of one event loop share.
    struct LoopResources: Sendable {
        /// One for each event loop, so that what becomes ready on a loop runs in one go.
        let executor: EventLoopExecutor
        let turns: TurnQueue
        let traces = TraceIDs()

        init(on eventLoop: any EventLoop) {
            executor = EventLoopExecutor.of(eventLoop)
            turns = TurnQueue(eventLoop: eventLoop)
        }
    }

    init(
        limits: HTTPLimits, credentials: TLSCredentials? = nil, responder: RESTResponder, eventLoopGroup: any EventLoopGroup,
        metrics: RequestMetrics, logger: Logger
    ) {
        self.limits = limits
        self.credentials = credentials
        self.responder = responder
        log = AdmissionLog(logger: logger, counting: metrics.crowded)
        connections = OpenConnections(limits, log: log)
        bodies = BodyBudget(total: limits.bodyBudget, share: limits.bodyShare)
        loops = Dictionary(eventLoopGroup.makeIterator().map { (ObjectIdentifier($0), LoopResources(on: $0)) }) { first, _ in first }
    }

    /// Sets up an accepted connection: the pacer, the HTTP/1.1 decoder, and one handler for everything else. A request is
    /// worked on where it arrived, on its connection's event loop.
    func setUp(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let seat = connections.admit(channel) else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
            let loop = loops[ObjectIdentifier(channel.eventLoop)] ?? LoopResources(on: channel.eventLoop)
            let pacer = RequestPacer(turns: loop.turns)
            let connection = HTTPConnection(core: self, seat: seat, pacer: pacer, loop: loop)
            pacer.connection = connection
            try credentials?.secureServer(channel)
            try channel.pipeline.syncOperations.addHandlers([pacer, ByteToMessageHandler(decoder), connection])
        }
    }

    private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = max(limits.headerFieldByteCount, limits.targetByteCount)
        configuration.maxHeaderListSize = limits.headerListByteCount
        configuration.maxHeaderFieldCount = limits.headerFieldCount
        return configuration
    }
}

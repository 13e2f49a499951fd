import HTTP2
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
    /// What gRPC reaches.
    let methods: PublicMethods
    let connections: OpenConnections
    let bodies: BodyBudget
    let room: RequestRoom
    let log: AdmissionLog
    let dates = HTTPDateCache()
    private let traceRate: Int
    private let loops: [ObjectIdentifier: LoopResources]

    /// What the connections of one event loop share.
    struct LoopResources: Sendable {
        /// One for each event loop, so that what becomes ready on a loop runs in one go.
        let executor: EventLoopExecutor
        let turns: TurnQueue
        let traces: TraceIDs
        let watch: TurnWatch

        init(on eventLoop: any EventLoop, _ room: RequestRoom, samplingOneOf traceRate: Int) {
            traces = TraceIDs(samplingOneOf: traceRate)
            watch = TurnWatch(on: eventLoop, telling: room.admission) { room.inFlight }
            executor = EventLoopExecutor.of(eventLoop)
            turns = TurnQueue(eventLoop: eventLoop)
        }
    }

    init(
        limits: HTTPLimits, room: RequestRoom, credentials: TLSCredentials? = nil, responder: RESTResponder, methods: PublicMethods,
        eventLoopGroup: any EventLoopGroup, metrics: RequestMetrics, traceRate: Int = 0, logger: Logger
    ) {
        self.traceRate = traceRate
        self.limits = limits
        self.credentials = credentials
        self.responder = responder
        self.methods = methods
        self.room = room
        log = AdmissionLog(logger: logger, counting: metrics.crowded)
        connections = OpenConnections(limits, log: log)
        bodies = BodyBudget(total: limits.bodyBudget, share: limits.bodyShare)
        loops = Dictionary(
            eventLoopGroup.makeIterator().map { (ObjectIdentifier($0), LoopResources(on: $0, room, samplingOneOf: traceRate)) }
        ) { first, _ in first }
    }

    /// Sets up an accepted connection: the pacer, the HTTP/1.1 decoder, and one handler for everything else; what speaks HTTP/2 takes
    /// their place where the first bytes are of it. A request is worked on where it arrived, on its connection's event loop.
    func setUp(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let seat = connections.admit(channel) else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
            let loop = loops[ObjectIdentifier(channel.eventLoop)] ?? LoopResources(on: channel.eventLoop, room, samplingOneOf: traceRate)
            let pacer = RequestPacer(turns: loop.turns)
            let connection = HTTPConnection(core: self, seat: seat, pacer: pacer, loop: loop)
            pacer.connection = connection
            let decoding = ByteToMessageHandler(decoder)
            let choice = ProtocolChoice { choice, channel in
                for handler in [connection, decoding, pacer] as [any RemovableChannelHandler] {
                    channel.pipeline.syncOperations.removeHandler(handler, promise: nil)
                }
                let requests = HTTP2Requests(core: self, seat: seat, loop: loop)
                try HTTP2Connection.setUp(channel, behind: choice, limits.http2, acceptor: requests)
            }
            try credentials?.secureServer(channel)
            try channel.pipeline.syncOperations.addHandlers([choice, pacer, decoding, connection])
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

public import Logging
public import MetricsRegistry
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Answers `GET /metrics`, and nothing else, on an address of its own: the public port has no such page, so that no proxy in
/// front of it can show the hospital's numbers to the world.
public final class MetricsListener: Sendable {
    public let address: NetworkAddress
    private let channel: any Channel
    private let open: OpenScrapes

    private init(_ channel: any Channel, at address: NetworkAddress, _ open: OpenScrapes) {
        self.channel = channel
        self.address = address
        self.open = open
    }

    /// Listens where the configuration says, or on a socket that is there already; nil where neither is.
    public static func start(
        _ metrics: Metrics, _ configuration: HospitalConfiguration, inherited: Int32?, logger: Logger
    ) async throws -> MetricsListener? {
        guard let wanted = configuration.metricsListen ?? inherited.map({ _ in NetworkAddress(host: "127.0.0.1", port: 0) }) else {
            return nil
        }
        let open = OpenScrapes()
        let bootstrap = bootstrap(metrics, open, logger: logger)
        let channel =
            if let inherited {
                try await bootstrap.withBoundSocket(inherited).get()
            } else {
                try await bootstrap.bind(host: wanted.host, port: wanted.port).get()
            }
        let address = NetworkAddress(host: wanted.host, port: channel.localAddress?.port ?? wanted.port)
        logger.info("Metrics are told", metadata: ["address": "\(address)"])
        return MetricsListener(channel, at: address, open)
    }

    /// Stops listening and closes what is open.
    public func stop() async {
        // What fails to close is closed already.
        try? await channel.close().get()
        for channel in open.all { channel.close(promise: nil) }
    }

    private static func bootstrap(_ metrics: Metrics, _ open: OpenScrapes, logger: Logger) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 16)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                guard open.add(channel) else { return channel.close() }
                channel.closeFuture.whenComplete { _ in open.remove(channel) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: idleTime))
                    try channel.pipeline.syncOperations.addHandler(ScrapeHandler(metrics))
                }
            }
    }

    /// Longer than whoever asks for metrics waits between two times.
    private static let idleTime = TimeAmount.seconds(150)
}

/// The connections that are open: so many at once, that nobody fills the process's descriptors here.
private final class OpenScrapes: Sendable {
    private static let most = 16
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    var all: [any Channel] { channels.withLock { Array($0.values) } }

    /// False where there are too many.
    func add(_ channel: any Channel) -> Bool {
        channels.withLock { channels in
            guard channels.count < OpenScrapes.most else { return false }
            channels[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    func remove(_ channel: any Channel) {
        channels.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }
}

/// Answers the requests of one connection, one after the other.
///
/// `@unchecked Sendable`: touched on its channel's event loop only.
private final class ScrapeHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let metrics: Metrics
    private var head: HTTPRequestHead?

    init(_ metrics: Metrics) {
        self.metrics = metrics
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        // Whoever asks for metrics has nothing to say.
        case .body: context.close(promise: nil)
        case .end:
            guard let head = self.head.take() else { return }
            answer(head, on: context.channel)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, on channel: any Channel) {
        let path = head.uri.prefix { $0 != "?" }
        guard path == "/metrics" else { return write(.notFound, "text/plain", "Metrics are at /metrics.\n", to: head, on: channel) }
        guard head.method == .GET || head.method == .HEAD else {
            return write(.methodNotAllowed, "text/plain", "Metrics are read.\n", to: head, on: channel)
        }
        let exposition = Exposition(accept: head.headers.first(name: "Accept"))
        Task { [metrics] in
            let text = exposition.text(of: await metrics.families())
            channel.eventLoop.execute { self.write(.ok, exposition.contentType, text, to: head, on: channel) }
        }
    }

    private func write(_ status: HTTPResponseStatus, _ type: String, _ text: String, to request: HTTPRequestHead, on channel: any Channel) {
        let body = channel.allocator.buffer(string: text)
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "Content-Type", value: type)
        head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
        head.headers.add(name: "Cache-Control", value: "no-store")
        if !request.isKeepAlive { head.headers.add(name: "Connection", value: "close") }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if request.method != .HEAD { channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil) }
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !request.isKeepAlive { written.whenComplete { _ in channel.close(promise: nil) } }
    }
}

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import RPC

/// How Hummingbird's server sets up an accepted connection: the HTTP/1.1 decoder, then one handler for everything else.
///
/// Hummingbird's own channel hands each part of a request to a task and back, two thread hops and several allocations
/// each. Here a request is worked on where it arrived, on its connection's event loop.
struct HTTPChildChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
    }

    private let limits: HTTPLimits
    private let responder: RESTResponder
    private let dates = HTTPDateCache()
    /// One for each event loop, so that what becomes ready on a loop runs in one go.
    private let executors: [ObjectIdentifier: EventLoopExecutor]

    init(limits: HTTPLimits, responder: RESTResponder, eventLoopGroup: any EventLoopGroup) {
        self.limits = limits
        self.responder = responder
        let pairs = eventLoopGroup.makeIterator().map { (ObjectIdentifier($0), EventLoopExecutor(on: $0)) }
        executors = Dictionary(pairs) { first, _ in first }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoderLimits)
            let connection = HTTPConnection(limits: limits, responder: responder, dates: dates, executor: executor(on: channel.eventLoop))
            try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(decoder), connection])
            return Value(channel: channel)
        }
    }

    /// Lasts as long as the connection; a server that stops at once closes it.
    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            do {
                try await value.channel.closeFuture.get()
            } catch {
                logger.debug("Connection closed with an error", metadata: ["error": "\(error)"])
            }
        } onCancel: {
            value.channel.close(promise: nil)
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

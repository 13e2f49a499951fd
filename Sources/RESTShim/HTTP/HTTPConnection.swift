import DequeModule
import NIOCore
import NIOHTTP1
import RPC

/// One HTTP/1.1 connection: collects a request, has it answered, writes the answer, and only then looks at the next.
///
/// Everything runs on the connection's event loop. What arrives while an answer is made waits in `queue`, at most one
/// read of the socket, because reading stops meanwhile.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case waiting
        case receiving(IncomingRequest)
        case answering(keepsAlive: Bool, isHTTP10: Bool)
        /// The last answer is on its way; what still arrives is thrown away until the client closes.
        case lingering
    }

    private enum Arrival {
        case part(HTTPServerRequestPart)
        case failure(HTTPRefusal)
    }

    private let limits: HTTPLimits
    private let responder: RESTResponder
    private let dates: HTTPDateCache
    private let executor: EventLoopExecutor
    private let timer: ConnectionTimer

    private var context: ChannelHandlerContext?
    private var phase = Phase.waiting
    private var queue = Deque<Arrival>()
    private var task: Task<Void, Never>?
    private var isTakingQueue = false
    private var isReading = false
    private var heldRead = false
    private var readBroughtPart = false
    /// A piece of a request's header has arrived.
    private var headHasBegun = false
    /// The client sends nothing more.
    private var isInputClosed = false
    /// The server is stopping: the request under way is the last.
    private var isQuiescing = false

    init(limits: HTTPLimits, responder: RESTResponder, dates: HTTPDateCache, executor: EventLoopExecutor) {
        self.limits = limits
        self.responder = responder
        self.dates = dates
        self.executor = executor
        timer = ConnectionTimer(eventLoop: executor.eventLoop)
    }

    // MARK: Life of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        timer.whenExpired { [weak self] in self?.timePassed() }
        timer.set(in: limits.firstRequestTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        task?.cancel()
        task = nil
        timer.stop()
        queue.removeAll()
        phase = .lingering
        context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            inputClosed()
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            if case .waiting = phase, !headHasBegun { context.close(promise: nil) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A client that only closed its sending side still gets its answer; one that left altogether can't be told apart,
    /// so the work goes on for a short grace only.
    private func inputClosed() {
        switch phase {
        case .answering: timer.set(in: limits.disconnectGrace)
        case .waiting, .receiving, .lingering: context?.close(promise: nil)
        }
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        readBroughtPart = true
        take(.part(unwrapInboundIn(data)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else {
            context.close(promise: nil)
            return
        }
        take(.failure(HTTPRefusal(decoderError: error)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        noteBytesOfHead()
        context.flush()
        context.fireChannelReadComplete()
    }

    /// A read that ended without a part, while a request is awaited, brought a piece of its header.
    private func noteBytesOfHead() {
        defer { readBroughtPart = false }
        guard case .waiting = phase, !readBroughtPart, !headHasBegun else { return }
        headHasBegun = true
        timer.set(in: limits.headTimeout)
    }

    /// Reads no further while a request is worked on and more has arrived already, or while the client leaves answers
    /// unread.
    func read(context: ChannelHandlerContext) {
        if canRead(context) { context.read() } else { heldRead = true }
    }

    private func canRead(_ context: ChannelHandlerContext) -> Bool {
        guard context.channel.isWritable else { return false }
        if case .answering = phase { return queue.isEmpty }
        return true
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .waiting = phase { timer.set(in: limits.idleTimeout) }
        takeQueue()
        context.fireChannelWritabilityChanged()
    }

    // MARK: Requests

    private func take(_ arrival: Arrival) {
        if case .lingering = phase { return }
        queue.append(arrival)
        takeQueue()
    }

    /// Works on what has arrived until an answer has to be waited for.
    private func takeQueue() {
        guard !isTakingQueue else { return }
        isTakingQueue = true
        defer { isTakingQueue = false }
        while let context, context.channel.isWritable, !isAnswering, let arrival = queue.popFirst() {
            switch arrival {
            case .part(let part): receive(part)
            case .failure(let refusal): refuse(refusal, head: nil)
            }
        }
        resumeReading()
    }

    private func resumeReading() {
        guard heldRead, let context, canRead(context) else { return }
        heldRead = false
        context.read()
    }

    private var isAnswering: Bool {
        if case .answering = phase { true } else { false }
    }

    private func receive(_ part: HTTPServerRequestPart) {
        switch (part, phase) {
        case (.head(let head), .waiting): begin(head)
        case (.body(let bytes), .receiving(var request)):
            phase = .waiting
            guard request.append(bytes, limit: limits.bodyByteCount) else {
                return refuse(.bodyTooLarge(limit: limits.bodyByteCount), head: request.head)
            }
            phase = .receiving(request)
        case (.end, .receiving(let request)): answer(request)
        case (_, .lingering): break
        default: refuse(.malformed("The request isn't HTTP/1.1."), head: nil)
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        headHasBegun = false
        let headers = RequestHeaders(head.headers)
        if let refusal = limits.refusal(of: head, headers) { return refuse(refusal, head: head) }
        phase = .receiving(IncomingRequest(head: head, headers: headers))
        timer.set(in: limits.bodyTimeout)
        if headers.expect != nil, let context {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        }
    }

    // MARK: Answers

    private func answer(_ incoming: IncomingRequest) {
        guard let context else { return }
        phase = .answering(keepsAlive: incoming.keepsAlive, isHTTP10: incoming.head.version.minor == 0)
        timer.pause()
        let request = incoming.whole(on: context.eventLoop)
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let responder = responder
        task = Task.immediate(executorPreference: executor) {
            let response = await responder.respond(to: request)
            connection.value.finish(response)
        }
    }

    private func finish(_ response: HTTPResponse) {
        guard let context, case .answering(let keepsAlive, let isHTTP10) = phase else { return }
        task = nil
        phase = .waiting
        let closes = !keepsAlive || isQuiescing || (isInputClosed && queue.isEmpty)
        write(response, closes: closes, announcesKeepAlive: isHTTP10 && !closes)
        if closes { return linger() }
        timer.set(in: context.channel.isWritable ? limits.idleTimeout : limits.writeTimeout)
        takeQueue()
    }

    private func refuse(_ refusal: HTTPRefusal, head: HTTPRequestHead?) {
        guard let context else { return }
        write(responder.refuse(refusal, head: head, on: context.eventLoop), closes: true, announcesKeepAlive: false)
        linger()
    }

    private func write(_ response: HTTPResponse, closes: Bool, announcesKeepAlive: Bool) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 512 + response.body.byteCount)
        let framing = HTTPResponse.Framing(date: dates.now(), closes: closes, announcesKeepAlive: announcesKeepAlive)
        response.write(to: &buffer, framing: framing)
        context.write(wrapOutboundOut(buffer), promise: nil)
        if !isReading { context.flush() }
    }

    /// Ends the sending side and waits a little for the client to close: closing at once would reset the connection
    /// while the client still sends, and the answer would be lost.
    private func linger() {
        phase = .lingering
        queue.removeAll()
        guard let context else { return }
        context.flush()
        if isInputClosed { return context.close(promise: nil) }
        timer.set(in: limits.writeTimeout)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { [timer, limits] _ in timer.set(in: limits.lingerTimeout) }
        context.close(mode: .output, promise: sent)
    }

    // MARK: Time

    private func timePassed() {
        switch phase {
        case .waiting where headHasBegun: refuse(.tooSlow, head: nil)
        case .receiving(let request): refuse(.tooSlow, head: request.head)
        case .waiting, .answering, .lingering: context?.close(promise: nil)
        }
    }
}

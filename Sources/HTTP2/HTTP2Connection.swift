public import NIOCore

/// One HTTP/2 connection: carries its ``HTTP2Core``, hands each request to its exchange, and keeps what all may cost within
/// ``HTTP2Limits``.
///
/// Lives on the connection's event loop. What leaves within one turn of it leaves in few writes.
public final class HTTP2Connection: ChannelDuplexHandler {
    public typealias InboundIn = ByteBuffer
    public typealias OutboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
        /// GOAWAY is said: requests that have begun are the last.
        case draining
        /// The last answer is on its way; what still arrives is thrown away until the client closes.
        case lingering
    }

    let limits: HTTP2Limits
    private let acceptor: any HTTP2Acceptor
    private let gate: ProtocolChoice
    private let wakeUp: EarliestWakeUp
    var core: HTTP2Core
    private var context: ChannelHandlerContext?
    private var phase = Phase.open
    /// Bytes of answers that nobody knows to have left.
    var unreadByteCount = 0
    /// When a connection without streams ends.
    private var restDeadline = NIODeadline.distantFuture
    /// When one ends whose client reads nothing, or which lingers.
    private var lastDeadline = NIODeadline.distantFuture
    private var isReading = false
    private var isSettling = false
    private var isSettlingScheduled = false
    private var heldRead = false
    /// Streams that began with what was read last.
    private var begunCount = 0
    /// Others have their turn before more is read.
    private var isPausing = false
    private var isInputClosed = false

    init(_ limits: HTTP2Limits, _ acceptor: any HTTP2Acceptor, gate: ProtocolChoice, on eventLoop: any EventLoop) {
        self.limits = limits
        self.acceptor = acceptor
        self.gate = gate
        core = HTTP2Core(limits)
        wakeUp = EarliestWakeUp(on: eventLoop)
    }

    // MARK: Life of the channel

    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wakeUp.whenItRings { [weak self] in self?.timePassed() }
        setRest(limits.firstStreamTimeout)
        acceptor.began(self)
        core.open()
        settleSoon()
    }

    public func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    public func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    /// What is cancelled last may be answered at once, and nobody is there to be told.
    private func end() {
        wakeUp.stop()
        phase = .lingering
        context = nil
        closeStreams()
    }

    private func closeStreams() {
        for stream in core.removeAll() { stream.close() }
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            isInputClosed = true
            inputClosed()
        case is ChannelShouldQuiesceEvent: drain()
        default:
            acceptor.received(event: event, of: self)
            context.fireUserInboundEventTriggered(event)
        }
    }

    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: Reading

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        core.receive(unwrapInboundIn(data), at: .now())
        handleEvents()
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if begunCount > limits.streamCount { pause(context) }
        begunCount = 0
        settle()
        context.fireChannelReadComplete()
        resumeReading()
    }

    /// Reads no further while the client leaves unread what was written.
    public func read(context: ChannelHandlerContext) {
        if canRead(context) { context.read() } else { heldRead = true }
    }

    private func canRead(_ context: ChannelHandlerContext) -> Bool {
        phase == .lingering || context.channel.isWritable && !isPausing
    }

    /// One read can hold hundreds of requests that are answered at once; a client who sends that many leaves others their turn.
    private func pause(_ context: ChannelHandlerContext) {
        isPausing = true
        context.eventLoop.assumeIsolated().scheduleTask(in: limits.pause) {
            self.isPausing = false
            self.resumeReading()
        }
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        core.output.isWritable = context.channel.isWritable
        if phase == .open { setLast(context.channel.isWritable ? nil : limits.writeTimeout) }
        settleSoon()
        resumeReading()
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading() {
        guard heldRead, let context, canRead(context) else { return }
        heldRead = false
        context.read()
    }

    // MARK: Streams

    private func handleEvents() {
        while let event = core.nextEvent() {
            switch event {
            case .began(let stream, let header): begin(stream, header)
            case .body(let stream, let bytes, let isEnd): receive(bytes, isEnd: isEnd, of: stream)
            case .trailers(let stream): requestEnded(of: stream)
            case .closed(let stream): closed(stream)
            case .failed: linger()
            }
            if core.output.isWorthWriting { write() }
        }
    }

    private func begin(_ stream: HTTP2Stream, _ header: ReceivedHeader) {
        begunCount += 1
        stream.open(on: self)
        guard phase == .open, core.streams.count <= limits.streamCount, unreadByteCount < limits.unreadByteCount else {
            return stream.reset(.refusedStream)
        }
        core.takeOn(stream)
        guard core.streams.count > 1 || acceptor.work() else { return leave() }
        guard let exchange = acceptor.begin(header, on: stream) else { return stream.reset(.refusedStream) }
        guard stream.connection != nil else { return exchange.closed() }
        stream.exchange = exchange
        if stream.hasRequestEnded { exchange.requestEnded() }
    }

    private func receive(_ bytes: ByteBuffer, isEnd: Bool, of stream: HTTP2Stream) {
        if bytes.readableBytes > 0, !stream.hasAnswerEnded { stream.exchange?.received(bytes) }
        if isEnd { requestEnded(of: stream) }
    }

    private func requestEnded(of stream: HTTP2Stream) {
        if !stream.hasAnswerEnded { stream.exchange?.requestEnded() }
    }

    private func closed(_ stream: HTTP2Stream) {
        stream.close()
        guard core.streams.isEmpty, phase != .lingering else { return }
        acceptor.rest()
        if phase == .draining || isInputClosed { return linger() }
        setRest(limits.idleTimeout)
    }

    // MARK: Writing

    /// A client that still sends is given a moment to read that nobody wants it; one that has sent all is given time to read.
    func answerGoesOn(of stream: HTTP2Stream) {
        settleSoon()
        guard stream.hasAnswerEnded, core.isOpen(stream) else { return }
        stream.setDeadline(now + (stream.hasRequestEnded ? limits.writeTimeout : limits.lingerTimeout), self)
    }

    /// At the end of what is being read, or of this turn of the loop.
    func settleSoon() {
        guard !isReading, !isSettling, !isSettlingScheduled, let context else { return }
        isSettlingScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.isSettlingScheduled = false
            self.settle()
        }
    }

    /// Tells who waits to be told, and writes what can be written.
    private func settle() {
        guard !isSettling else { return }
        isSettling = true
        repeat {
            handleEvents()
            core.goOn()
            write()
        } while context != nil && core.canGoOn
        isSettling = false
    }

    /// A write that fails closes the channel before it returns, and so comes back to this connection.
    private func write() {
        guard let context, !core.output.isEmpty else { return }
        let gathered = core.output.take()
        context.writeAndFlush(wrapOutboundOut(gathered.bytes), promise: promise(for: gathered.promises, context))
        core.output.reuse(gathered.bytes)
        core.output.isWritable = context.channel.isWritable
    }

    private func promise(for promises: [EventLoopPromise<Void>], _ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
        guard !promises.isEmpty else { return nil }
        let written = context.eventLoop.makePromise(of: Void.self)
        for promise in promises { written.futureResult.cascade(to: promise) }
        return written
    }

    // MARK: The end

    /// Takes on no more requests, and ends when those that have begun are answered.
    public func drain() {
        guard phase == .open, context != nil else { return }
        phase = .draining
        core.sayGoAway()
        settleSoon()
        for stream in core.streams.all { stream.exchange?.connectionDrains() }
        if core.streams.isEmpty { linger() }
    }

    /// The same; what has begun is ended when `grace` is over.
    public func drain(grace: TimeAmount) {
        drain()
        if phase == .draining { setLast(grace) }
    }

    /// Calls `action` when the connection is gone.
    public func whenClosed(_ action: @escaping () -> Void) {
        let isolated = context?.channel.closeFuture.assumeIsolated()
        isolated?.whenComplete { _ in action() }
    }

    /// Ends the connection now: it has to make room.
    public func leave() {
        if phase == .open { core.sayGoAway() }
        linger()
    }

    /// Ends the sending side and waits a little for the client to close: closing at once would reset the connection while he still
    /// sends, and what was said last would be lost.
    private func linger() {
        guard phase != .lingering else { return }
        phase = .lingering
        gate.shut()
        closeStreams()
        write()
        guard let context else { return }
        if isInputClosed { return context.close(promise: nil) }
        setLast(limits.lingerTimeout)
        context.close(mode: .output, promise: nil)
    }

    /// A client that only closed its sending side still gets its answers; one that left altogether can't be told apart.
    private func inputClosed() {
        settle()
        guard phase != .lingering, !core.streams.isEmpty else {
            context?.close(promise: nil)
            return
        }
        setLast(limits.disconnectGrace)
    }

    // MARK: Time

    /// While something is read, the time at which it came.
    var now: NIODeadline { isReading ? core.receivedAt : .now() }

    func wake(by instant: NIODeadline) {
        wakeUp.by(instant)
    }

    private func close() {
        context?.close(promise: nil)
    }

    private func setRest(_ time: TimeAmount) {
        restDeadline = now + time
        wakeUp.by(restDeadline)
    }

    private func setLast(_ time: TimeAmount?) {
        lastDeadline = time.map { .now() + $0 } ?? .distantFuture
        wakeUp.by(lastDeadline)
    }

    private func timePassed() {
        let now = NIODeadline.now()
        if lastDeadline <= now { return phase == .draining ? linger() : close() }
        let streams = core.streams.all
        for stream in streams where stream.deadline <= now {
            stream.forgetDeadline()
            if stream.hasAnswerEnded { stream.reset(stream.hasRequestEnded ? .cancel : .noError) } else { stream.exchange?.timePassed() }
        }
        if core.streams.isEmpty { core.release() }
        if core.streams.isEmpty, restDeadline <= now, phase == .open { drain() }
        let rest = core.streams.isEmpty ? restDeadline : .distantFuture
        wakeUp.by(core.streams.all.reduce(min(lastDeadline, rest)) { min($0, $1.deadline) })
    }
}

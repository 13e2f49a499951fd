public import NIOCore
import NIOHPACK
public import NIOHTTP2

/// One HTTP/2 connection: hands each request to its exchange, and keeps what all may cost within ``HTTP2Limits``.
///
/// Stands behind `NIOHTTP2Handler`, which knows the protocol, and lives on the connection's event loop. What leaves within one turn
/// of it leaves in one write.
public final class HTTP2Connection: ChannelDuplexHandler {
    public typealias InboundIn = HTTP2Frame
    public typealias OutboundIn = HTTP2Frame
    public typealias OutboundOut = HTTP2Frame

    enum Phase {
        case open
        /// GOAWAY is said: requests that have begun are the last.
        case draining
        /// The last answer is on its way; what still arrives is thrown away until the client closes.
        case lingering
    }

    let limits: HTTP2Limits
    let acceptor: any HTTP2Acceptor
    private let gate: ProtocolChoice
    private let farewell: Farewell
    private let wakeUp: EarliestWakeUp
    var context: ChannelHandlerContext?
    var phase = Phase.open
    private(set) var streams: [HTTP2StreamID: HTTP2Stream] = [:]
    private var highestStreamID = HTTP2StreamID.rootStream
    /// Bytes of answers that nobody knows to have left.
    var unreadByteCount = 0
    /// When a connection without streams ends.
    private var restDeadline = NIODeadline.distantFuture
    /// When one ends whose client reads nothing, or which lingers.
    var lastDeadline = NIODeadline.distantFuture
    private var isReading = false
    private var isFlushScheduled = false
    private var heldRead = false
    /// Streams that began with what was read last.
    private var begunCount = 0
    /// Others have their turn before more is read.
    private var isPausing = false
    private(set) var isInputClosed = false

    init(_ limits: HTTP2Limits, _ acceptor: any HTTP2Acceptor, gate: ProtocolChoice, farewell: Farewell, on eventLoop: any EventLoop) {
        self.limits = limits
        self.acceptor = acceptor
        self.gate = gate
        self.farewell = farewell
        wakeUp = EarliestWakeUp(on: eventLoop)
    }

    // MARK: Life of the channel

    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wakeUp.whenItRings { [weak self] in self?.timePassed() }
        setRest(limits.firstStreamTimeout)
        acceptor.began(self)
        let granted = limits.connectionWindowByteCount - 65_535
        if granted > 0 { write(HTTP2Frame(streamID: .rootStream, payload: .windowUpdate(windowSizeIncrement: granted)), nil) }
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

    func closeStreams() {
        let all = streams.values
        streams = [:]
        for stream in all { stream.close() }
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as NIOHTTP2WindowUpdatedEvent: replenish(event)
        case let event as StreamClosedEvent: closed(event.streamID)
        case ChannelEvent.inputClosed:
            isInputClosed = true
            inputClosed()
        case is ChannelShouldQuiesceEvent: drain()
        default:
            acceptor.received(event: event, of: self)
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A stream that breaks has been reset by now; after an error of the connection GOAWAY has been said.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is any NIOHTTP2Error else { return context.close(promise: nil) }
        if farewell.isSaidInAnger { linger() }
    }

    // MARK: Reading

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .headers(let content):
            if let stream = streams[frame.streamID] {
                if content.endStream { requestEnded(of: stream) }
            } else {
                begin(frame.streamID, content)
            }
        case .data(let content): receive(content, of: frame.streamID)
        case .priority, .rstStream, .settings, .pushPromise, .ping, .goAway, .windowUpdate, .alternativeService, .origin: break
        }
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if begunCount > limits.streamCount { pause(context) }
        begunCount = 0
        context.flush()
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
        if phase == .open { setLast(context.channel.isWritable ? nil : limits.writeTimeout) }
        resumeReading()
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading() {
        guard heldRead, let context, canRead(context) else { return }
        heldRead = false
        context.read()
    }

    // MARK: Streams

    private func begin(_ id: HTTP2StreamID, _ content: HTTP2Frame.FramePayload.Headers) {
        begunCount += 1
        let stream = HTTP2Stream(id, of: self)
        stream.hasRequestEnded = content.endStream
        let wasAtRest = streams.isEmpty
        streams[id] = stream
        guard phase == .open, streams.count <= limits.streamCount, unreadByteCount < limits.unreadByteCount else {
            return stream.reset(.refusedStream)
        }
        highestStreamID = max(highestStreamID, id)
        guard !wasAtRest || acceptor.work() else { return leave() }
        guard let exchange = acceptor.begin(content.headers, on: stream) else { return stream.reset(.refusedStream) }
        guard streams[id] === stream else { return exchange.closed() }
        stream.exchange = exchange
        if content.endStream { exchange.requestEnded() }
    }

    private func receive(_ content: HTTP2Frame.FramePayload.Data, of id: HTTP2StreamID) {
        guard let stream = streams[id] else { return }
        if case .byteBuffer(let bytes) = content.data, bytes.readableBytes > 0, !stream.hasAnswerEnded { stream.exchange?.received(bytes) }
        if content.endStream { requestEnded(of: stream) }
    }

    private func requestEnded(of stream: HTTP2Stream) {
        stream.hasRequestEnded = true
        if !stream.hasAnswerEnded { stream.exchange?.requestEnded() }
    }

    private func closed(_ id: HTTP2StreamID) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        stream.close()
        guard streams.isEmpty, phase != .lingering else { return }
        acceptor.rest()
        if phase == .draining || isInputClosed { return linger() }
        setRest(limits.idleTimeout)
    }

    /// Grants what has been taken once half of it is used up. What comes for a stream that has ended counts for its connection.
    private func replenish(_ event: NIOHTTP2WindowUpdatedEvent) {
        guard let left = event.inboundWindowSize else { return }
        let stream = streams[event.streamID]
        let isRoot = event.streamID == .rootStream
        guard isRoot || stream.map({ !$0.hasRequestEnded && !$0.hasAnswerEnded }) == true else { return }
        let whole = isRoot ? limits.connectionWindowByteCount : limits.streamWindowByteCount
        guard left <= whole / 2 else { return }
        write(HTTP2Frame(streamID: event.streamID, payload: .windowUpdate(windowSizeIncrement: whole - left)), nil)
        flushSoon()
    }

    // MARK: Writing

    func write(_ frame: HTTP2Frame, _ promise: EventLoopPromise<Void>?) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(wrapOutboundOut(frame), promise: promise)
    }

    /// A client that still sends is given a moment to read that nobody wants it; one that has sent all is given time to read.
    func answerGoesOn(of stream: HTTP2Stream) {
        flushSoon()
        guard stream.hasAnswerEnded, streams[stream.id] === stream else { return }
        stream.setDeadline(.now() + (stream.hasRequestEnded ? limits.writeTimeout : limits.lingerTimeout), self)
    }

    func flushSoon() {
        guard !isReading, !isFlushScheduled, let context else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushScheduled = false
            self.context?.flush()
        }
    }

    // MARK: The end

    /// Takes on no more requests, and ends when those that have begun are answered.
    public func drain() {
        guard phase == .open, context != nil else { return }
        phase = .draining
        sayGoAway()
        for stream in Array(streams.values) { stream.exchange?.connectionDrains() }
        if streams.isEmpty { linger() }
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
        if phase == .open { sayGoAway() }
        linger()
    }

    private func sayGoAway() {
        let payload = HTTP2Frame.FramePayload.goAway(lastStreamID: highestStreamID, errorCode: .noError, opaqueData: nil)
        write(HTTP2Frame(streamID: .rootStream, payload: payload), nil)
        context?.flush()
    }

    /// Ends the sending side and waits a little for the client to close: closing at once would reset the connection while he still
    /// sends, and what was said last would be lost.
    func linger() {
        guard phase != .lingering else { return }
        phase = .lingering
        gate.shut()
        closeStreams()
        guard let context else { return }
        context.flush()
        if isInputClosed { return context.close(promise: nil) }
        setLast(limits.lingerTimeout)
        context.close(mode: .output, promise: nil)
    }

    /// A client that only closed its sending side still gets its answers; one that left altogether can't be told apart.
    private func inputClosed() {
        guard phase != .lingering, !streams.isEmpty else {
            context?.close(promise: nil)
            return
        }
        setLast(limits.disconnectGrace)
    }

    // MARK: Time

    func wake(by instant: NIODeadline) {
        wakeUp.by(instant)
    }

    private func close() {
        context?.close(promise: nil)
    }

    private func setRest(_ time: TimeAmount) {
        restDeadline = .now() + time
        wakeUp.by(restDeadline)
    }

    private func setLast(_ time: TimeAmount?) {
        lastDeadline = time.map { .now() + $0 } ?? .distantFuture
        wakeUp.by(lastDeadline)
    }

    private func timePassed() {
        let now = NIODeadline.now()
        if lastDeadline <= now { return phase == .draining ? linger() : close() }
        for stream in streams.values where stream.deadline <= now {
            stream.forgetDeadline()
            if stream.hasAnswerEnded { stream.reset(stream.hasRequestEnded ? .cancel : .noError) } else { stream.exchange?.timePassed() }
        }
        if streams.isEmpty, restDeadline <= now, phase == .open { drain() }
        let next = streams.values.reduce(min(lastDeadline, streams.isEmpty ? restDeadline : .distantFuture)) { min($0, $1.deadline) }
        wakeUp.by(next)
    }
}

import Logging
import NIOCore

/// What both sides of a connection do alike: preface and HELLO, cutting bytes into frames, answering PINGs, writing all
/// frames of a turn at once, and watching whether the peer keeps up. What frames mean is the subclasses' affair.
///
/// Lives on one event loop.
class FrameConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case awaitingPreface
        case awaitingHello
        case open
        /// GOAWAY was sent or received: what has begun may end.
        case draining
        case closed
    }

    let resources: LoopResources
    let limits: ConnectionLimits
    let logger: Logger
    private(set) var peer = "unknown"
    var phase = Phase.awaitingPreface
    /// What the peer accepts.
    private(set) var peerLimits = Hello.nothing
    /// The time at which the batch in hand was read.
    private(set) var now = NIODeadline.now()
    private let rules: HealthRules
    private let contractFingerprint: UInt64
    private var context: ChannelHandlerContext?
    private var decoder: FrameDecoder
    private var health: ConnectionHealth
    private var controlBudget: ControlBudget
    private var outbound = OutboundBuffer()
    private var isReading = false
    private var isFlushScheduled = false
    private lazy var housekeeping = ConnectionTimer { [weak self] in self?.housekeep() }

    init(resources: LoopResources, limits: ConnectionLimits, rules: HealthRules, contractFingerprint: UInt64, logger: Logger) {
        self.resources = resources
        self.limits = limits
        self.rules = rules
        self.contractFingerprint = contractFingerprint
        self.logger = logger
        decoder = FrameDecoder(limits: limits)
        controlBudget = ControlBudget(limits: limits, now: now)
        health = ConnectionHealth(openedAt: now)
    }

    // MARK: What the sides differ in

    /// Whether this side greets without waiting to be greeted.
    var speaksFirst: Bool { false }
    /// Calls that keep the connection busy.
    var callsInFlight: Int { 0 }
    /// The highest stream id that was taken on, for GOAWAY.
    var lastStreamID: UInt32 { 0 }
    /// Both HELLOs are exchanged.
    func opened() {}
    /// REQUEST, RESPONSE, CANCEL or GOAWAY has arrived.
    func receive(_ frame: Frame) throws(ConnectionFault) {}
    /// The connection has grown older than it should.
    func retire() {}
    /// The connection is gone.
    func lost() {}

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.hostAndPort ?? "unknown"
        resources.timers.set(housekeeping, at: now + limits.helloTimeout.timeAmount)
        if speaksFirst { greet() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        resources.timers.remove(housekeeping)
        self.context = nil
        lost()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .closed else { return }
        isReading = true
        now = .now()
        health.bytesArrived(at: now)
        decoder.append(unwrapInboundIn(data))
        do {
            try readFrames()
        } catch {
            fail(error)
        }
        health.frameState(isInsideFrame: decoder.isInsideFrame, at: now)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        resources.executor.runReady()
        isReading = false
        flush()
    }

    /// A peer that doesn't read isn't read from either.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        health.writability(isWritable, at: .now())
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: isWritable)
        } catch {
            errorCaught(context: context, error: error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.debug("a connection broke", metadata: ["peer": "\(peer)", "error": "\(error)"])
        context.close(promise: nil)
    }

    // MARK: Reading

    private func readFrames() throws(ConnectionFault) {
        if phase == .awaitingPreface { try readPreface() }
        guard phase != .awaitingPreface else { return }
        while phase != .closed, let frame = try decoder.nextFrame() { try dispatch(frame) }
    }

    private func readPreface() throws(ConnectionFault) {
        switch decoder.nextPreface() {
        case .needsMore: return
        case .foreign: close()
        case .preface(let preface):
            phase = .awaitingHello
            if !speaksFirst { greet() }
            guard preface.version == Preface.currentVersion else {
                throw ConnectionFault(.protocolError, "version \(preface.version) is not spoken here")
            }
        }
    }

    private func dispatch(_ frame: Frame) throws(ConnectionFault) {
        guard phase != .awaitingHello else { return try receiveHello(frame) }
        switch frame.header.type {
        case FrameType.request, FrameType.response:
            controlBudget.earn()
            try receive(frame)
        case FrameType.cancel, FrameType.goAway:
            try spendControlBudget()
            try receive(frame)
        case FrameType.ping:
            try spendControlBudget()
            write { $0.writePong(to: frame) }
        case FrameType.pong:
            try spendControlBudget()
        case FrameType.hello:
            throw ConnectionFault(.protocolError, "HELLO came twice")
        default:
            try spendControlBudget()
            if frame.header.isCritical { throw ConnectionFault(.protocolError, "critical frame type \(frame.header.type) is unknown") }
        }
    }

    private func receiveHello(_ frame: Frame) throws(ConnectionFault) {
        guard frame.header.type == FrameType.hello else { throw ConnectionFault(.protocolError, "the first frame is not HELLO") }
        peerLimits = try Hello(reading: frame)
        phase = .open
        resources.timers.set(housekeeping, at: now + rules.interval)
        opened()
    }

    private func spendControlBudget() throws(ConnectionFault) {
        guard controlBudget.spend(now: now) else { throw ConnectionFault(.tooManyControlFrames, "too many control frames") }
    }

    // MARK: Writing

    private func greet() {
        write { bytes in
            Preface().write(to: &bytes)
            limits.hello(contractFingerprint: contractFingerprint).write(to: &bytes)
        }
    }

    /// Gathers a frame. It leaves at the end of the read batch, or of this turn of the loop.
    func write(_ frame: (inout ByteBuffer) -> Void) {
        guard phase != .closed else { return }
        outbound.append(frame)
        guard !isReading, !isFlushScheduled else { return }
        isFlushScheduled = true
        resources.eventLoop.assumeIsolated().execute {
            self.isFlushScheduled = false
            self.flush()
        }
    }

    /// A write that fails closes the channel before it returns, and so comes back to this connection's events.
    private func flush() {
        guard let context, !outbound.isEmpty else { return }
        let gathered = outbound.take()
        context.writeAndFlush(NIOAny(gathered), promise: nil)
        outbound.reuse(gathered)
        guard !context.channel.isWritable else { return }
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if waiting > limits.maximumOutboundBytes { close() }
    }

    /// Tells the peer what it did wrong, and closes.
    func fail(_ fault: ConnectionFault) {
        let level = fault.reason == .idle ? Logger.Level.debug : .notice
        logger.log(level: level, "a connection is closed", metadata: ["peer": "\(peer)", "reason": "\(fault.message)"])
        sendGoAway(fault.reason, fault.message, grace: .zero)
        close()
    }

    func sendGoAway(_ reason: GoAwayReason, _ message: String, grace: Duration) {
        let goAway = GoAway(lastStreamID: lastStreamID, graceMilliseconds: grace.wireMilliseconds, reason: reason, message: message)
        write { goAway.write(to: &$0) }
    }

    func close() {
        guard phase != .closed else { return }
        flush()
        phase = .closed
        context?.close(promise: nil)
    }

    // MARK: Housekeeping

    private func housekeep() {
        now = .now()
        guard phase == .open || phase == .draining else {
            return fail(ConnectionFault(.tooSlow, "no HELLO in time"))
        }
        switch health.verdict(at: now, callsInFlight: callsInFlight, rules: rules) {
        case .healthy: break
        case .broken(let fault): return fail(fault)
        case .askForLife: write { $0.writePing(0) }
        case .tooOld: retire()
        }
        if callsInFlight == 0 { outbound.release() }
        resources.timers.set(housekeeping, at: now + rules.interval)
    }
}

import Logging
import NIOCore
import NIOTLS

/// Carries a connection between a socket and its ``ConnectionCore``: bytes, time and writability in; bytes, calls and the
/// end out. Decides nothing itself. What the events are is the subclasses' affair.
///
/// Frames of one read batch leave in a few writes. Lives on one event loop.
class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let resources: LoopResources
    let logger: Logger
    private(set) var peer = "unknown"
    /// Whether TLS has not said yet who is there. Until then nothing that is written leaves.
    private(set) var isHandshaking: Bool
    /// Whether the peer showed a certificate that is welcome here, where he has to.
    private(set) var isWelcome: Bool
    /// Changed by the sides' state machines, each under a checked access to itself, or by this class while nothing else
    /// runs: a second check would cost as much as a frame's header.
    @exclusivity(unchecked) var core: ConnectionCore
    private var context: ChannelHandlerContext?
    private var isReading = false
    private var isSettling = false
    private var isSettlingScheduled = false
    private var isAutoReading = true
    private var knowsContract = false
    private lazy var alarm = Alarm { [weak self] in self?.wakeUp() }

    init(core: ConnectionCore, isHandshaking: Bool, resources: LoopResources, logger: Logger) {
        self.core = core
        self.isHandshaking = isHandshaking
        isWelcome = !isHandshaking
        self.resources = resources
        self.logger = logger
    }

    // MARK: What the sides differ in

    /// Does what the calls' state machine asks for, until it asks for nothing.
    func handleEvents() {}
    /// Tells the calls' state machine, and the core, what time it is.
    func advance(to now: NIODeadline) {}
    /// When time must be told again, at the latest.
    var nextAdvance: NIODeadline { core.wakeUp }
    /// Whether a call waits for room, and there is some.
    var canBeginWaiting: Bool { false }
    /// Begins calls that waited for room.
    func beginWaiting() {}
    /// The connection is gone.
    func lost() {}
    /// TLS stands: answers why its peer is not welcome nevertheless, or nil.
    func refusal(ofPeerOn channel: any Channel) -> String? { nil }
    /// The connection breaks. A sentence says why.
    func broke(because reason: String) {}

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Its channel is closed, or speaks another protocol.
    func handlerRemoved(context: ChannelHandlerContext) {
        guard self.context != nil else { return }
        resources.timers.remove(alarm)
        self.context = nil
        core.lost()
    }

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress?.hostAndPort ?? "unknown"
        core.opened(at: .now())
        settle()
    }

    func channelInactive(context: ChannelHandlerContext) {
        resources.timers.remove(alarm)
        self.context = nil
        core.lost()
        lost()
        handleEvents()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        core.receive(unwrapInboundIn(data), at: .now())
        handleEvents()
        if core.canGoOn || !core.mayWriteMore { settle() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        resources.executor.runReady()
        isReading = false
        if !knowsContract, core.phase >= .open { learnContract() }
        settle()
    }

    /// May come while this connection writes; then it is seen to right after.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        noteUnsent(in: context.channel)
        settle()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.outputClosed:
            core.outputClosed(at: .now())
            settle()
        case TLSUserEvent.handshakeCompleted: handshakeCompleted(on: context.channel)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Who is not welcome is not listened to: what he has sent behind his handshake is not read.
    private func handshakeCompleted(on channel: any Channel) {
        isHandshaking = false
        guard let reason = refusal(ofPeerOn: channel) else { return isWelcome = true }
        broke(because: reason)
        core.lost()
        settle()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let reason = TLSFailure.sentence(for: error) {
            broke(because: reason)
        } else {
            logger.debug("a connection broke", metadata: ["peer": "\(peer)", "error": "\(error)"])
        }
        context.close(promise: nil)
    }

    /// Another contract is no error: a hospital is upgraded service by service. But who wonders at an answer hears of it.
    private func learnContract() {
        knowsContract = true
        guard let theirs = core.otherContract else { return }
        logger.notice(
            "the peer was built with another contract",
            metadata: ["peer": "\(peer)", "peer_contract": "\(String(theirs, radix: 16))"])
    }

    // MARK: Carrying

    /// Settles at the end of the read batch, or of this turn of the loop. What is worth a write leaves now, so that the peer
    /// has something to work on meanwhile.
    func settleSoon() {
        if core.isWorthWriting { writeAhead() }
        guard !isReading, !isSettling, !isSettlingScheduled else { return }
        isSettlingScheduled = true
        resources.eventLoop.assumeIsolated().execute {
            self.isSettlingScheduled = false
            self.settle()
        }
    }

    /// Writes what was gathered, works on what waited for that, and does what the core wishes otherwise.
    func settle() {
        guard !isSettling else { return }
        isSettling = true
        repeat {
            handleEvents()
            beginWaiting()
            write()
        } while core.canGoOn || canBeginWaiting
        isSettling = false
        control()
    }

    /// Writes while events are still being handled. What that leads to is seen to when this connection settles.
    private func writeAhead() {
        let wasSettling = isSettling
        isSettling = true
        write()
        isSettling = wasSettling
    }

    /// A write that fails closes the channel before it returns, and so comes back to this connection's events.
    private func write() {
        guard let context, core.hasOutbound else { return }
        let gathered = core.takeOutbound()
        context.writeAndFlush(NIOAny(gathered), promise: nil)
        core.reuse(gathered)
        if !context.channel.isWritable { noteUnsent(in: context.channel) }
    }

    private func noteUnsent(in channel: any Channel) {
        let unsent = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        core.setUnsent(unsent, isWritable: channel.isWritable, at: .now())
    }

    /// Reading, the end, and the next alarm.
    private func control() {
        guard let context else { return }
        do {
            if core.wantsToRead != isAutoReading {
                isAutoReading.toggle()
                try context.channel.syncOptions?.setOption(.autoRead, value: isAutoReading)
            }
        } catch {
            errorCaught(context: context, error: error)
        }
        switch core.nextStep() {
        case .none: break
        case .closeOutput: context.close(mode: isHandshaking ? .all : .output, promise: nil)
        case .close: context.close(promise: nil)
        }
        setAlarm()
    }

    /// One that rings too early sets the next; so patience that is extended costs nothing.
    private func setAlarm() {
        let instant = nextAdvance
        guard context != nil, instant != .distantFuture, !alarm.isArmed || instant < alarm.instant else { return }
        resources.timers.set(alarm, at: instant)
    }

    private func wakeUp() {
        if let channel = context?.channel, !channel.isWritable { noteUnsent(in: channel) }
        advance(to: .now())
        settle()
    }

    // MARK: Logging

    func log(_ fault: ConnectionFault) {
        let level = fault.reason == .idle ? Logger.Level.debug : .notice
        logger.log(level: level, "a connection is closed", metadata: ["peer": "\(peer)", "reason": "\(fault.message)"])
    }
}

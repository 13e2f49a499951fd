import NIOCore

/// What both sides of a connection do alike, without sockets and clocks: preface and HELLO, cutting bytes into frames,
/// answering PINGs, holding the peer to its limits, and ending in good order.
///
/// Bytes, instants and writability go in; frames for ``ServerCalls`` or ``ClientCalls``, bytes to write, whether to read,
/// when to be woken and steps towards the end come out. A ``ConnectionHandler`` carries all that to a socket.
struct ConnectionCore {
    enum Role {
        case client
        case server
    }

    /// The stations of a connection, in their order.
    enum Phase: Int, Comparable {
        case awaitingPreface
        case awaitingHello
        case open
        /// No more calls: those that have begun may end.
        case draining
        /// All is said: what was written leaves, then the peer closes too.
        case closing
        case closed

        static func < (one: Phase, other: Phase) -> Bool {
            one.rawValue < other.rawValue
        }
    }

    /// What the carrier does for a connection to end. Each is asked for once.
    enum Step {
        case none
        /// To close the sending half once everything written has left.
        case closeOutput
        /// To close, whatever is still on its way.
        case close
    }

    let role: Role
    let limits: ConnectionLimits
    private(set) var phase = Phase.awaitingPreface
    /// What the peer accepts.
    private(set) var peerLimits = Hello.nothing
    /// When the bytes in hand arrived.
    private(set) var receivedAt = NIODeadline.distantPast
    /// Calls that keep the connection busy.
    private(set) var callsInFlight = 0
    /// The highest stream id that was taken on, for GOAWAY.
    var lastStreamID: UInt32 = 0
    /// By when calls must have ended on a connection that is drained.
    private(set) var graceEnd = NIODeadline.distantFuture

    let contractFingerprint: UInt64
    private var inbound: InboundFrames
    private var outbound: OutboundFlow
    private var health: ConnectionHealth
    private var controlBudget: ControlBudget
    /// By when HELLO must be there, and in the end by when the peer must have closed.
    private var patienceEnd = NIODeadline.distantFuture
    private var fault: ConnectionFault?
    private var lastStep = Step.none

    init(role: Role, limits: ConnectionLimits, rules: HealthRules, contractFingerprint: UInt64 = 0, load: ServerLoad? = nil) {
        self.role = role
        self.limits = limits
        self.contractFingerprint = contractFingerprint
        inbound = InboundFrames(limits: limits, load: load)
        outbound = OutboundFlow(load: load)
        health = ConnectionHealth(rules: rules)
        controlBudget = ControlBudget(limits: limits, now: .distantPast)
    }

    /// The connection stands. A client greets at once, a server once it has been greeted.
    mutating func opened(at now: NIODeadline) {
        health.opened(at: now)
        patienceEnd = now + limits.helloTimeout.timeAmount
        if role == .client { greet() }
    }

    // MARK: Reading

    /// A client always reads. A server that isn't read doesn't read either: its answers would pile up.
    var wantsToRead: Bool {
        role == .client || outbound.isWritable || phase >= .closing
    }

    mutating func receive(_ bytes: ByteBuffer, at now: NIODeadline) {
        guard phase < .closing else { return }
        receivedAt = now
        health.bytesArrived(at: now)
        if role == .client { health.answersArrived(at: now) }
        inbound.append(bytes)
    }

    /// The next REQUEST, RESPONSE, DATA, WINDOW, CANCEL, HELLO or GOAWAY; nil once everything that has come is worked on, or when what
    /// was written has to leave first.
    mutating func nextFrame(at now: NIODeadline) -> Frame? {
        do {
            while let frame = try readFrame(at: now) {
                if try concernsCalls(frame, at: now) { return frame }
            }
            settleIncompleteFrame(at: now)
        } catch {
            fail(error, at: now)
        }
        return nil
    }

    /// Bytes that are kept of what was read.
    var inboundBytes: Int {
        inbound.keptBytes
    }

    /// Whether there are bytes to work on that waited for others to leave.
    var canGoOn: Bool {
        inbound.hasUnread && mayReadFrames && phase < .closing
    }

    private var mayReadFrames: Bool {
        role == .client || mayWriteMore
    }

    /// Whether what was written is little enough for more to be begun.
    var mayWriteMore: Bool {
        outbound.hasRoom(below: limits.outboundHighWaterBytes)
    }

    private mutating func readFrame(at now: NIODeadline) throws(ConnectionFault) -> Frame? {
        guard phase < .closing, mayReadFrames else { return nil }
        if phase == .awaitingPreface { try readPreface(at: now) }
        guard phase != .awaitingPreface, phase < .closing else { return nil }
        return try inbound.next()
    }

    private mutating func readPreface(at now: NIODeadline) throws(ConnectionFault) {
        switch inbound.nextPreface() {
        case .needsMore: return
        case .foreign:
            if role == .client { fault = ConnectionFault(.protocolError, "the server does not speak this protocol; perhaps it wants TLS") }
            lost()
        case .preface(let preface):
            phase = .awaitingHello
            if role == .server { greet() }
            guard preface.version == Preface.currentVersion else {
                throw ConnectionFault(.protocolError, "version \(preface.version) is not spoken here")
            }
        }
    }

    /// The clock of an incomplete frame runs, but not while it is us who don't read.
    private mutating func settleIncompleteFrame(at now: NIODeadline) {
        let isAnother = inbound.isAnotherFrame()
        if inbound.isInsideFrame, mayReadFrames {
            health.frameIncomplete(isAnother: isAnother, at: now)
        } else {
            health.noFrameIncomplete()
        }
        inbound.holdIncompleteFrame()
    }

    // MARK: Frames that concern the connection

    private mutating func concernsCalls(_ frame: Frame, at now: NIODeadline) throws(ConnectionFault) -> Bool {
        switch frame.header.type {
        case FrameType.request, FrameType.response:
            controlBudget.earn()
            return true
        case FrameType.data, FrameType.window:
            return true
        case FrameType.hello:
            try receiveHello(frame)
            return true
        case FrameType.cancel, FrameType.goAway:
            try spendControlBudget(at: now)
            return true
        case FrameType.ping:
            try spendControlBudget(at: now)
            write { $0.writePong(to: frame) }
        case FrameType.pong:
            try spendControlBudget(at: now)
        default:
            try spendControlBudget(at: now)
            if frame.header.isCritical { throw ConnectionFault(.protocolError, "critical frame type \(frame.header.type) is unknown") }
        }
        return false
    }

    private mutating func receiveHello(_ frame: Frame) throws(ConnectionFault) {
        guard phase == .awaitingHello else { throw ConnectionFault(.protocolError, "HELLO came twice") }
        peerLimits = try Hello(reading: frame)
        inbound.expect(role == .server ? .fromClient : .fromServer)
        phase = .open
        patienceEnd = .distantFuture
    }

    /// A frame that the peer has not earned by a call, or by what it was sent.
    mutating func spendControlBudget(at now: NIODeadline) throws(ConnectionFault) {
        guard controlBudget.spend(now: now) else { throw ConnectionFault(.tooManyControlFrames, "too many control frames") }
    }

    // MARK: Writing

    private mutating func greet() {
        let hello = limits.hello(contractFingerprint: contractFingerprint)
        write { bytes in
            Preface().write(to: &bytes)
            hello.write(to: &bytes)
        }
    }

    /// Gathers a frame for ``takeOutbound()``. After the end nothing more is said.
    mutating func write(_ frame: (inout ByteBuffer) -> Void) {
        guard phase < .closing else { return }
        outbound.append(frame)
    }

    /// A frame for a response, to be given back by ``takeBack(_:isWhole:)``; nil after the end.
    mutating func openResponse() -> ResponseFrame? {
        guard phase < .closing else { return nil }
        return ResponseFrame(behind: outbound.lend(), maximumMessageBytes: Int(peerLimits.maximumMessageBytes))
    }

    mutating func takeBack(_ frame: consuming ResponseFrame, isWhole: Bool) {
        outbound.takeBack(frame.outbound, frames: isWhole ? 1 : 0)
    }

    var hasOutbound: Bool {
        !outbound.isEmpty
    }

    /// Whether what was gathered should leave, though more will follow at once.
    var isWorthWriting: Bool {
        outbound.isWorthWriting
    }

    /// What was gathered, for the carrier to write.
    mutating func takeOutbound() -> ByteBuffer {
        outbound.take()
    }

    /// Gives back the memory of what was written.
    mutating func reuse(_ written: consuming ByteBuffer) {
        outbound.reuse(written)
    }

    /// How things stand with writing: `unsent` bytes are with the carrier that the peer hasn't taken; it is not writable
    /// from more than the high-water mark down to half of it. A peer that takes a mark's worth in time is not slow.
    mutating func setUnsent(_ count: Int, isWritable: Bool, at now: NIODeadline) {
        switch outbound.note(unsent: count, isWritable: isWritable, mark: limits.outboundHighWaterBytes) {
        case .none: break
        case .blocked, .progressed: health.blocked(at: now)
        case .unblocked: health.unblocked(at: now)
        }
        health.memoryIsShort(outbound.isMemoryShort)
        if role == .server, !isWritable, count > limits.maximumOutboundBytes {
            fail(ConnectionFault(.tooSlow, "too many answers are not read"), at: now)
        }
    }

    /// When the peer was asked for a sign of life, if it has given none yet.
    var silentSince: NIODeadline? { health.silentSince }

    // MARK: Calls

    mutating func callBegan(at now: NIODeadline) {
        callsInFlight += 1
        if callsInFlight == 1 { health.firstCallBegun(at: now) }
        health.callBegunOrEnded(at: now)
    }

    mutating func callEnded(at now: NIODeadline) {
        callsInFlight -= 1
        health.callBegunOrEnded(at: now)
    }

    // MARK: Ending

    /// Tells the peer to make no more calls here, and by when those that have begun must end. A second, shorter grace counts.
    mutating func drain(grace: Duration, at now: NIODeadline) {
        let end = now + grace.timeAmount
        switch phase {
        case .awaitingPreface: close(at: now)
        case .awaitingHello:
            sendGoAway(.shutdown, "the connection is drained", grace: .zero)
            close(at: now)
        case .open:
            beginDraining()
            graceEnd = end
            sendGoAway(.shutdown, "the connection is drained", grace: grace)
        case .draining: graceEnd = min(graceEnd, end)
        case .closing: patienceEnd = min(patienceEnd, end + limits.closeTimeout.timeAmount)
        case .closed: break
        }
    }

    /// Makes no more calls here, and doesn't tell.
    mutating func beginDraining() {
        guard phase == .open else { return }
        phase = .draining
        health.drained()
    }

    /// Tells the peer what it did wrong, and closes.
    mutating func fail(_ fault: ConnectionFault, at now: NIODeadline) {
        guard phase < .closing else { return }
        self.fault = fault
        sendGoAway(fault.reason, fault.message, grace: .zero)
        graceEnd = .distantFuture
        close(at: now)
    }

    /// Says no more. What is written leaves, within the grace of the draining where there is one; then the peer closes too.
    mutating func close(at now: NIODeadline) {
        guard phase < .closing else { return }
        phase = .closing
        let graceLeft = graceEnd == .distantFuture ? now : max(graceEnd, now)
        patienceEnd = graceLeft + limits.closeTimeout.timeAmount
        inbound.end()
        health.noFrameIncomplete()
    }

    /// All that was written has left: the peer has only to close.
    mutating func outputClosed(at now: NIODeadline) {
        patienceEnd = min(patienceEnd, now + limits.closeTimeout.timeAmount)
    }

    /// The socket is gone, or not worth another word.
    mutating func lost() {
        phase = .closed
        inbound.end()
        outbound.lost()
    }

    mutating func nextStep() -> Step {
        switch (phase, lastStep) {
        case (.closing, .none): lastStep = .closeOutput
        case (.closed, .none), (.closed, .closeOutput): lastStep = .close
        default: return .none
        }
        return lastStep
    }

    /// What the peer did wrong, to be logged. Told once.
    mutating func takeFault() -> ConnectionFault? {
        defer { fault = nil }
        return fault
    }

    private mutating func sendGoAway(_ reason: GoAwayReason, _ message: String, grace: Duration) {
        let goAway = GoAway(lastStreamID: lastStreamID, graceMilliseconds: grace.wireMilliseconds, reason: reason, message: message)
        write { goAway.write(to: &$0) }
    }

    // MARK: Time

    /// When time must be told again by ``advance(to:)``, at the latest.
    var wakeUp: NIODeadline {
        switch phase {
        case .open, .draining: min(health.wakeUp(isBusy: callsInFlight > 0), graceEnd)
        case .awaitingPreface, .awaitingHello, .closing: patienceEnd
        case .closed: .distantFuture
        }
    }

    /// Time has passed: holds the peer to its limits. True when the connection has grown older than it should.
    mutating func advance(to now: NIODeadline) -> Bool {
        switch phase {
        case .awaitingPreface, .awaitingHello:
            if patienceEnd <= now { fail(ConnectionFault(.tooSlow, "no HELLO in time"), at: now) }
        case .open, .draining:
            return checkHealth(at: now)
        case .closing:
            if patienceEnd <= now { phase = .closed }
        case .closed: break
        }
        return false
    }

    private mutating func checkHealth(at now: NIODeadline) -> Bool {
        if callsInFlight == 0 { outbound.release() }
        switch health.verdict(at: now, isBusy: callsInFlight > 0) {
        case .healthy: return false
        case .tooOld: return true
        case .askForLife: write { $0.writePing(0) }
        case .broken(let fault): fail(fault, at: now)
        }
        return false
    }
}

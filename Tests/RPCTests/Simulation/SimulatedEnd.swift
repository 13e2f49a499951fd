import NIOCore

@testable import RPC

/// One end of a simulated connection: carries a ``ConnectionCore`` as ``ConnectionHandler`` does, over a pipe each way.
class SimulatedEnd {
    var core: ConnectionCore
    unowned let link: SimulatedLink
    private(set) var unsent = ByteBuffer()
    private(set) var isClosed = false
    /// Its program doesn't get round to reading.
    var isStalled = false
    private var isWritable = true
    private var isClosingOutput = false
    private var isSettling = false
    private var alarm = NIODeadline.distantFuture
    /// Whether it was closed without the peer's having closed.
    private(set) var wasCutOff = false

    init(core: ConnectionCore, link: SimulatedLink) {
        self.core = core
        self.link = link
    }

    // MARK: What the sides differ in

    func handleEvents() {}
    func advance(to now: NIODeadline) {}
    var nextAdvance: NIODeadline { core.wakeUp }
    var canBeginWaiting: Bool { false }
    func beginWaiting() {}
    func lost() {}
    var peer: SimulatedEnd { self }
    var outgoing: SimulatedPipe {
        get { link.toServer }
        set { link.toServer = newValue }
    }
    var incoming: SimulatedPipe {
        get { link.toClient }
        set { link.toClient = newValue }
    }

    // MARK: Carrying

    var now: NIODeadline { link.time.now }

    func settle() {
        guard !isSettling, !isClosed else { return }
        isSettling = true
        repeat {
            handleEvents()
            beginWaiting()
            write()
        } while !isClosed && (core.canGoOn || canBeginWaiting)
        isSettling = false
        control()
    }

    private func write() {
        if core.hasOutbound {
            var bytes = core.takeOutbound()
            link.fault.spoil(&bytes, of: core.role)
            unsent.writeBuffer(&bytes)
        }
        push()
    }

    /// Gives the pipe what it takes, and tells the core how things stand.
    func push() {
        guard !isClosed, !link.isPartitioned else { return noteUnsent() }
        let before = outgoing.count
        outgoing.take(from: &unsent)
        unsent.discardReadBytes()
        noteUnsent()
        if isClosingOutput, unsent.readableBytes == 0, !outgoing.isEnded {
            outgoing.end()
            core.outputClosed(at: now)
        }
        if outgoing.count > before || outgoing.isEnded { peer.readSoon() }
    }

    /// A channel that can be written to again says so.
    private func noteUnsent() {
        let wasWritable = isWritable
        defer { if isWritable, !wasWritable { link.time.after(.zero) { [self] in settle() } } }
        let high = core.limits.outboundHighWaterBytes
        let count = unsent.readableBytes
        if count > high { isWritable = false } else if count < high / 2 { isWritable = true }
        core.setUnsent(count, isWritable: isWritable, at: now)
    }

    private func control() {
        guard !isClosed else { return }
        switch core.nextStep() {
        case .none: break
        case .closeOutput:
            if link.fault == .cutsAtTheEnd { return close() }
            isClosingOutput = true
            push()
            setAlarm()
        case .close:
            wasCutOff = true
            return close()
        }
        readSoon()
        setAlarm()
    }

    private func setAlarm() {
        let instant = nextAdvance
        guard instant < alarm else { return }
        alarm = instant
        link.time.at(instant) { [self] in
            guard alarm == instant, !isClosed else { return }
            alarm = .distantFuture
            noteUnsent()
            advance(to: now)
            settle()
        }
    }

    // MARK: Reading

    private var isReadPlanned = false

    func readSoon() {
        guard !isReadPlanned, mayRead else { return }
        isReadPlanned = true
        link.time.after(link.world.latency()) { [self] in
            isReadPlanned = false
            read()
        }
    }

    private var mayRead: Bool {
        let wantsToRead = link.fault == .clientStopsReading ? isWritable : core.wantsToRead
        return !isClosed && !isStalled && wantsToRead && !link.isPartitioned && (incoming.count > 0 || incoming.isEnded)
    }

    private func read() {
        guard mayRead else { return }
        if incoming.isAtEnd { return close() }
        if let bytes = incoming.give(atMost: link.world.readSize()) {
            core.receive(bytes, at: now)
            peer.push()
            settle()
        }
        readSoon()
    }

    // MARK: Ending

    /// Closes as a socket does: where something is unread the peer is reset, and loses what is on its way to it.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        if incoming.count > 0 || unsent.readableBytes > 0 { outgoing.reset() } else { outgoing.end() }
        unsent = ByteBuffer()
        core.lost()
        lost()
        handleEvents()
        if !link.isPartitioned {
            incoming.reset()
            peer.readSoon()
            peer.push()
        }
        link.closedAt = max(link.closedAt ?? now, now)
    }
}

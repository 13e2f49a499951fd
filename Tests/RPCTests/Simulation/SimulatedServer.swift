import NIOCore

@testable import RPC

/// The server's end: its handlers answer as the plan says.
final class SimulatedServer: SimulatedEnd {
    private var calls: ServerCalls
    /// How often each call's end was told, by stream id.
    private(set) var told: [UInt32: Int] = [:]
    private(set) var begun: Set<UInt32> = []
    /// How many messages of a stream have gone, by stream id.
    private var written: [UInt32: Int] = [:]
    /// Why a handler stopped writing, by stream id.
    private var failures: [UInt32: RPCError] = [:]

    override var peer: SimulatedEnd { link.client }
    override var outgoing: SimulatedPipe {
        get { link.toClient }
        set { link.toClient = newValue }
    }
    override var incoming: SimulatedPipe {
        get { link.toServer }
        set { link.toServer = newValue }
    }

    init(link: SimulatedLink) {
        let world = link.world
        calls = ServerCalls(table: world.table, rules: world.plan.callRules, load: world.load)
        let core = ConnectionCore(role: .server, limits: world.plan.limits, rules: world.plan.serverRules, load: world.load)
        super.init(core: core, link: link)
    }

    override func handleEvents() {
        while let event = calls.nextEvent(on: &core, at: now) {
            switch event {
            case .begun(let served, _): begin(served)
            case .wentOn(let served):
                link.time.after(.zero) { [self] in
                    written[served.streamID, default: 0] += 1
                    writeOn(served)
                }
            case .abandoned(let served, _):
                tell(served)
                link.world.cancelled(served)
            case .refused: link.world.refusals += 1
            case .failed(let fault): link.world.failed(fault, on: link)
            }
        }
    }

    override var canBeginWaiting: Bool {
        calls.canSendWaiting(on: core)
    }

    override func beginWaiting() {
        guard canBeginWaiting else { return }
        calls.sendWaiting(on: &core)
        handleEvents()
    }

    override func advance(to now: NIODeadline) {
        let wasOpen = core.phase < .draining
        calls.advance(to: now, on: &core)
        if wasOpen, core.phase == .draining { link.mustCloseBy = core.graceEnd + core.limits.closeTimeout.timeAmount }
    }

    override var nextAdvance: NIODeadline {
        min(core.wakeUp, calls.wakeUp)
    }

    override func lost() {
        calls.connectionLost()
    }

    func drain(grace: Duration) {
        guard !isClosed else { return }
        calls.drain(grace: grace, on: &core, at: now)
        let end = now + (grace + core.limits.closeTimeout).timeAmount
        link.mustCloseBy = min(link.mustCloseBy ?? end, end)
        settle()
    }

    // MARK: Handlers

    private func begin(_ served: ServerCall) {
        begun.insert(served.streamID)
        let call = link.world.received(served.payload)
        if link.fault == .keepsMemory { link.world.load.hold(1, of: 0) }
        if let call, served.stream != nil { return beginStream(served, call) }
        guard let call, call.plan.handlerDelay > .zero else { return finish(served, call) }
        link.world.running[ObjectIdentifier(served)] = { [self] in finish(served, call) }
        if !call.plan.ignoresCancellation { link.world.stoppable.insert(ObjectIdentifier(served)) }
        calls.keep(served)
        link.time.after(call.plan.handlerDelay) { [self] in
            link.world.returns(served)
            settle()
        }
    }

    private func beginStream(_ served: ServerCall, _ call: SimulatedCall) {
        link.world.running[ObjectIdentifier(served)] = { [self] in finish(served, call) }
        link.world.stoppable.insert(ObjectIdentifier(served))
        calls.keep(served)
        writeOn(served)
    }

    /// The handler writes until it has to wait, has written all, or hears that nobody wants more.
    private func writeOn(_ served: ServerCall) {
        guard link.world.running[ObjectIdentifier(served)] != nil, let call = link.world.received(served.payload),
            let stream = call.plan.stream
        else { return }
        defer { settle() }
        do {
            while case let index = written[served.streamID] ?? 0, index < stream.messageCount {
                if link.fault == .sendsWithoutCredit { served.stream?.credit = StreamCredit(byteCount: 1 << 20) }
                let message = call.message(index, of: stream)
                guard try calls.send(.payload(message), of: served, on: &core) else {
                    return try calls.wait(with: message, of: served)
                }
                written[served.streamID] = index + 1
                guard stream.writerPause == .zero else {
                    return link.time.after(stream.writerPause) { [self] in writeOn(served) }
                }
            }
        } catch {
            failures[served.streamID] = error as? RPCError ?? .internal
        }
        link.world.returns(served)
    }

    private func finish(_ served: ServerCall, _ call: SimulatedCall?) {
        if link.fault == .losesAnswers, call?.plan.number == 3 { served.hasEnded = true }
        let failure = call == nil ? RPCError.internal : failures[served.streamID]
        let message = call?.reader == nil ? call?.answer : ByteBuffer()
        let answer = Response(outcome: failure.map { .error($0) } ?? .message(message ?? ByteBuffer()))
        guard calls.finish(served, with: answer, on: &core, at: now) != nil else { return }
        tell(served)
        if !isClosed, failure == nil { call?.wasAnswered(on: link) }
    }

    private func tell(_ served: ServerCall) {
        if link.fault != .forgetsToTell { told[served.streamID, default: 0] += 1 }
    }
}

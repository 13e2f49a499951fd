import NIOCore

@testable import RPC

/// The server's end: its handlers answer as the plan says.
final class SimulatedServer: SimulatedEnd {
    private var calls: ServerCalls
    /// How often each call's end was told, by stream id.
    private(set) var told: [UInt32: Int] = [:]
    private(set) var begun: Set<UInt32> = []

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
            case .abandoned(let served, _):
                tell(served)
                link.world.cancelled(served)
            case .refused: link.world.refusals += 1
            case .failed(let fault): link.world.failed(fault, on: link)
            }
        }
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
        guard let call, call.plan.handlerDelay > .zero else { return finish(served, call) }
        link.world.running[ObjectIdentifier(served)] = { [self] in finish(served, call) }
        if !call.plan.ignoresCancellation { link.world.stoppable.insert(ObjectIdentifier(served)) }
        calls.keep(served)
        link.time.after(call.plan.handlerDelay) { [self] in
            link.world.returns(served)
            settle()
        }
    }

    private func finish(_ served: ServerCall, _ call: SimulatedCall?) {
        if link.fault == .losesAnswers, call?.plan.number == 3 { served.hasEnded = true }
        let answer = call.map { Response(outcome: .message($0.answer)) } ?? Response(outcome: .error(.internal))
        guard calls.finish(served, with: answer, on: &core, at: now) != nil else { return }
        tell(served)
        if !isClosed { call?.wasAnswered(on: link) }
    }

    private func tell(_ served: ServerCall) {
        if link.fault != .forgetsToTell { told[served.streamID, default: 0] += 1 }
    }
}

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
            case .begun(let stream): begin(stream)
            case .abandoned(let stream, _):
                tell(stream)
                link.world.cancelled(stream)
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

    private func begin(_ stream: ServerStream) {
        begun.insert(stream.id)
        let call = link.world.received(stream.request.message)
        if link.fault == .keepsMemory { link.world.load.hold(1, of: 0) }
        guard let call, call.plan.handlerDelay > .zero else { return finish(stream, call) }
        link.world.running[ObjectIdentifier(stream)] = { [self] in finish(stream, call) }
        if !call.plan.ignoresCancellation { link.world.stoppable.insert(ObjectIdentifier(stream)) }
        calls.keep(stream)
        link.time.after(call.plan.handlerDelay) { [self] in
            link.world.returns(stream)
            settle()
        }
    }

    private func finish(_ stream: ServerStream, _ call: SimulatedCall?) {
        if link.fault == .losesAnswers, call?.plan.number == 3 { stream.isAnswered = true }
        let answer = call.map { Response(outcome: .message($0.answer)) } ?? Response(outcome: .error(.internal))
        guard calls.finish(stream, with: answer, on: &core, at: now) != nil else { return }
        tell(stream)
        if !isClosed { call?.wasAnswered(on: link) }
    }

    private func tell(_ stream: ServerStream) {
        if link.fault != .forgetsToTell { told[stream.id, default: 0] += 1 }
    }
}

import NIOCore

@testable import RPC

/// The client's end: sends what waits for it, and hands answers to their calls.
final class SimulatedClient: SimulatedEnd {
    private var calls = ClientCalls<SimulatedCall>()

    override var peer: SimulatedEnd { link.server }

    init(link: SimulatedLink) {
        super.init(core: ConnectionCore(role: .client, limits: link.world.plan.limits, rules: link.world.plan.rules), link: link)
    }

    override var canBeginWaiting: Bool {
        !link.world.waiting.isEmpty && link.world.current === link && calls.hasRoom(on: core)
    }

    override func beginWaiting() {
        while canBeginWaiting {
            let call = link.world.waiting.removeFirst()
            let request = Request(
                methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 30_000, trace: nil, metadata: Metadata(), message: call.request)
            call.streamID = calls.send(request, for: call, due: .distantFuture, on: &core, at: now)
            call.link = link
        }
    }

    func giveUp(_ call: SimulatedCall) {
        calls.giveUp(call.streamID, on: &core, at: now)
        settle()
    }

    override func handleEvents() {
        while let event = calls.nextEvent(on: &core, at: now) {
            switch event {
            case .opened: break
            case .ended(let call, let response):
                call.end(response)
                if link.fault == .answersTwice { call.end(response) }
            case .draining(_, let turnedAway):
                link.world.left(link)
                link.world.sendElsewhere(turnedAway)
            case .failed(let fault, let orphans):
                link.world.failed(fault, on: link)
                link.world.left(link)
                for call in orphans { call.end(.unknown) }
            }
        }
    }

    override func advance(to now: NIODeadline) {
        _ = core.advance(to: now)
    }

    override func lost() {
        link.world.left(link)
        for call in calls.takeAll(on: &core, at: now) { call.end(.unknown) }
    }

    /// No more calls will come.
    func drain() {
        calls.drain(core: &core, at: now)
        if core.phase < .open { core.close(at: now) }
        settle()
    }
}

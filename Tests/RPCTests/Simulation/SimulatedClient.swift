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
                methodID: (call.reader == nil ? MethodDescriptor.echo : .stream).id, timeoutMilliseconds: 30_000, trace: nil,
                creditKiB: call.reader?.plan.windowKiB, metadata: Metadata(), message: call.request)
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
            case .received(let call, let message):
                call.receive(message)
                if link.fault == .repeatsMessages, call.plan.number % 3 == 0 { call.receive(message) }
                readOn(call)
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

    /// The reader takes what there is, at his pace.
    private func readOn(_ call: SimulatedCall) {
        guard let reader = call.reader, reader.hasUnread, let pause = reader.plan.readerPause else { return }
        guard pause > .zero else { return take(from: reader, of: call) }
        link.time.after(pause) { [self] in
            take(from: reader, of: call)
            settle()
        }
    }

    private func take(from reader: SimulatedReader, of call: SimulatedCall) {
        let granted = reader.take()
        guard granted > 0, link.fault != .neverGrants else { return }
        calls.grant(granted, call.streamID, on: &core)
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

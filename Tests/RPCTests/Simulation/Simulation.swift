import NIOCore
import SeededRandom

@testable import RPC

/// A client and a server over simulated connections: everything that happens is decided by a seed.
final class Simulation {
    let plan: SimulationPlan
    let fault: SimulatedFault
    let time = SimulatedTime()
    let table = ServiceTable(
        services: [TestService((.echo, { ServerReply(payload: $0.payload) }), (.stream, { _ in .endOfStream }))], interceptors: [],
        logger: quietLogger)
    let load: ServerLoad
    let calls: [SimulatedCall]
    /// Calls that wait for room, or for a connection.
    var waiting: [SimulatedCall] = []
    private(set) var links: [SimulatedLink] = []
    private(set) var current: SimulatedLink?
    /// What is wrong, in words.
    var complaints: [String] = []
    var refusals = 0
    /// Handlers under way, by call.
    var running: [ObjectIdentifier: () -> Void] = [:]
    var stoppable: Set<ObjectIdentifier> = []
    private var random: SplitMix64

    init(seed: UInt64, fault: SimulatedFault = .none) {
        self.fault = fault
        random = SplitMix64(seed: seed)
        plan = SimulationPlan(using: &random)
        load = ServerLoad(maximumCalls: plan.maximumCalls, maximumBytes: plan.maximumHeldBytes)
        calls = plan.calls.map(SimulatedCall.init)
    }

    /// Lets everything happen, and answers what is wrong.
    func run() -> [String] {
        schedule()
        let limit = time.now + .minutes(10)
        while complaints.isEmpty, time.step(), time.now < limit {
            checkBounds()
            if calls.allSatisfy(\.hasEnded) { drainLast() }
        }
        if complaints.isEmpty { checkEnd() }
        return complaints
    }

    func latency() -> TimeAmount {
        .microseconds(Int64.random(in: 0...2000, using: &random))
    }

    func readSize() -> Int {
        Int.random(in: plan.cut, using: &random)
    }

    private func schedule() {
        for call in calls {
            time.after(call.plan.at) { [self] in begin(call) }
        }
        switch plan.misfortune {
        case .none: break
        case .reset(let instant): time.after(instant) { [self] in current?.reset() }
        case .partition(let instant): time.after(instant) { [self] in current?.partition() }
        }
        for drain in plan.drains {
            time.after(drain.at) { [self] in links.last?.server.drain(grace: drain.grace) }
        }
        for stall in plan.stalls {
            time.after(stall.at) { [self] in
                guard let link = links.last else { return }
                link.stall(stall.ofClient ? link.client : link.server, for: stall.duration, isShort: stall.duration < .seconds(1))
            }
        }
    }

    // MARK: Calls

    private func begin(_ call: SimulatedCall) {
        waiting.append(call)
        time.after(call.plan.timeout) { [self] in giveUp(call) }
        if let cancelAfter = call.plan.cancelAfter { time.after(cancelAfter) { [self] in giveUp(call) } }
        dispatch()
    }

    private func dispatch() {
        guard !waiting.isEmpty else { return }
        if current == nil {
            let link = SimulatedLink(in: self)
            links.append(link)
            current = link
            link.open()
        }
        current?.client.settle()
    }

    private func giveUp(_ call: SimulatedCall) {
        guard !call.hasEnded else { return }
        call.end(.gaveUp)
        if let index = waiting.firstIndex(where: { $0 === call }) {
            waiting.remove(at: index)
        } else {
            call.link?.client.giveUp(call)
        }
    }

    func left(_ link: SimulatedLink) {
        guard current === link else { return }
        current = nil
        if !waiting.isEmpty { time.after(latency()) { [self] in dispatch() } }
    }

    func sendElsewhere(_ turnedAway: [SimulatedCall]) {
        guard !turnedAway.isEmpty else { return }
        waiting.insert(contentsOf: turnedAway, at: 0)
        time.after(latency()) { [self] in dispatch() }
    }

    /// All has been said: the last connection isn't needed any more.
    private func drainLast() {
        guard let link = current else { return }
        current = nil
        link.client.drain()
        let end = time.now + .seconds(10)
        link.mustCloseBy = link.isUnlucky ? link.mustCloseBy : min(link.mustCloseBy ?? end, end)
    }

    // MARK: The server's program

    /// The call that a request is of; nil, and a complaint, where its bytes are other than those that were sent.
    func received(_ message: ByteBuffer) -> SimulatedCall? {
        let number: UInt64? = message.getInteger(at: message.readerIndex)
        guard let number, number < calls.count, calls[Int(number)].request == message else {
            complaints.append("a request arrived other than it was sent")
            return nil
        }
        return calls[Int(number)]
    }

    func cancelled(_ call: ServerCall) {
        guard stoppable.contains(ObjectIdentifier(call)) else { return }
        time.after(.zero) { [self] in returns(call) }
    }

    /// Handlers return once.
    func returns(_ call: ServerCall) {
        running.removeValue(forKey: ObjectIdentifier(call))?()
    }

    /// A connection that ends for a fault had a reason in the plan.
    func failed(_ connectionFault: ConnectionFault, on link: SimulatedLink) {
        guard !link.isUnlucky else { return }
        complaints.append("a connection without misfortune failed: \(connectionFault.message)")
    }
}

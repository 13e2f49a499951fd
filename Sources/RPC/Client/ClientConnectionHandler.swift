import NIOCore

/// The client's side of one connection to a replica: sends the calls of its slot, and hands each its answer.
final class ClientConnectionHandler: ConnectionHandler {
    private let slot: ConnectionSlot
    let replica: Replica
    private var calls = ClientCalls<ClientCall>()
    private var wasOpened = false
    private var hasToldReplica = false
    /// When a server that goes on being silent is doubted again.
    private var nextDoubt = NIODeadline.distantPast
    private var reason = "the connection was closed"

    init(slot: ConnectionSlot, replica: Replica) {
        self.slot = slot
        self.replica = replica
        let options = slot.environment.options
        let core = ConnectionCore(
            role: .client, limits: options.limits, rules: options.healthRules, contractFingerprint: options.contractFingerprint)
        super.init(core: core, isHandshaking: options.tls != nil, resources: slot.resources, logger: slot.environment.logger)
    }

    /// Whether a call can go now.
    var hasRoom: Bool {
        calls.hasRoom(on: core)
    }

    /// How much speaks against giving it a call: those in flight, or worse, that it is silent, full, or has failed this very call.
    func burden(for call: ClientCall) -> Int {
        if call.failedReplica == ObjectIdentifier(replica) { return .max }
        return core.silentSince != nil || !hasRoom ? .max - 1 : calls.count
    }

    override var canBeginWaiting: Bool {
        hasRoom && slot.hasWaiting(for: self)
    }

    override func beginWaiting() {
        if canBeginWaiting { slot.sendWaiting(on: self) }
    }

    // MARK: Calls

    /// Sends a call for which there is room.
    func send(_ call: ClientCall, with message: FrameMessage, at now: NIODeadline) {
        let request = call.request(of: message, at: now)
        if let error = calls.refusal(of: request, on: core) { return call.fail(error, isNotProcessed: true) }
        call.sent(on: self, as: calls.send(request, for: call, due: call.deadline.instant, on: &core, at: now))
        if calls.isUsedUp { drain() }
        settleSoon()
    }

    /// The caller waits no longer.
    func giveUp(_ call: ClientCall, _ streamID: UInt32) {
        calls.giveUp(streamID, on: &core, at: .now())
        call.fail(.cancelled, isNotProcessed: false)
        settleSoon()
    }

    /// Who reads a stream has taken so many bytes of it.
    func grant(_ byteCount: Int, _ streamID: UInt32) {
        calls.grant(byteCount, streamID, on: &core)
        settleSoon()
    }

    override func handleEvents() {
        let now = NIODeadline.now()
        while let event = calls.nextEvent(on: &core, at: now) {
            switch event {
            case .opened:
                wasOpened = true
                replica.opened(self)
            case .received(let call, let message): call.incoming?.receive(message)
            case .ended(let call, let response):
                note(response)
                call.finish(response)
                // Who waited may go on at once, and calls again while other responses are still being read.
                resources.executor.runReady()
            case .draining(let reason, let turnedAway):
                self.reason = reason
                tellReplica()
                for call in turnedAway { call.turnAway() }
            case .failed(let fault, let orphans):
                log(fault)
                reason = fault.message
                tellReplica()
                for call in orphans { call.fail(.unavailable(reason), isNotProcessed: false) }
            }
        }
    }

    private func note(_ response: Response) {
        if case .error(let error) = response.outcome, error.code == .unavailable { return slot.callFailed(on: replica) }
        if replica.record.isBlemished { replica.record.callSucceeded() }
    }

    override func advance(to now: NIODeadline) {
        for call in calls.giveUpDue(on: &core, at: now) { call.fail(.deadlineExceeded, isNotProcessed: false) }
        if doubtDue <= now { doubt(at: now) }
        if core.advance(to: now) { drain() }
    }

    override var nextAdvance: NIODeadline {
        min(core.wakeUp, calls.wakeUp, doubtDue)
    }

    // MARK: Silence

    private var doubtDue: NIODeadline {
        guard calls.count > 0, let since = core.silentSince else { return .distantFuture }
        return max(since + slot.environment.options.doubtAfter.timeAmount, nextDoubt)
    }

    /// Its machine may be gone without a word, and another may stand for it. Where another takes calls, those that wait here go there.
    private func doubt(at now: NIODeadline) {
        nextDoubt = now + slot.environment.options.doubtAfter.timeAmount
        slot.replicaDoubted()
        guard hasToldReplica || slot.hasOther(than: self) else { return }
        for (streamID, call) in calls.calls.numbered where call.mayGoElsewhere {
            calls.giveUp(streamID, on: &core, at: now)
            call.fail(.unavailable("no sign of life"), isNotProcessed: false)
        }
    }

    // MARK: Ending

    /// Makes no new calls; closes once those under way have ended.
    func drain() {
        calls.drain(core: &core, at: .now())
        tellReplica()
        settleSoon()
    }

    /// Closes for good. Calls under way fail.
    func close() {
        reason = "the client is closed"
        core.close(at: .now())
        failAll()
        settle()
    }

    override func broke(because reason: String) {
        self.reason = reason
    }

    override func lost() {
        tellReplica()
        failAll()
    }

    private func failAll() {
        for call in calls.takeAll(on: &core, at: .now()) { call.fail(.unavailable(reason), isNotProcessed: false) }
    }

    /// The replica learns once that no more calls go here.
    private func tellReplica() {
        guard !hasToldReplica else { return }
        hasToldReplica = true
        if wasOpened { replica.lost(self) } else { replica.attemptFailed(reason) }
    }
}

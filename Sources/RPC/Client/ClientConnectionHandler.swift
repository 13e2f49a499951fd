import NIOCore

/// The client's side of one connection: sends the calls of its slot, and hands each its answer.
final class ClientConnectionHandler: ConnectionHandler {
    private let slot: ConnectionSlot
    private var calls = ClientCalls<ClientStream>()
    private var wasOpened = false
    private var hasLeft = false
    private var reason = "the connection was closed"

    init(slot: ConnectionSlot) {
        self.slot = slot
        let options = slot.environment.options
        let core = ConnectionCore(
            role: .client, limits: options.limits, rules: options.healthRules, contractFingerprint: options.contractFingerprint)
        super.init(core: core, resources: slot.resources, logger: slot.environment.logger)
    }

    /// Whether a call can go now.
    var hasRoom: Bool {
        calls.hasRoom(on: core)
    }

    override var canBeginWaiting: Bool {
        hasRoom && slot.hasWaiting(for: self)
    }

    override func beginWaiting() {
        if canBeginWaiting { slot.sendWaiting(on: self) }
    }

    // MARK: Calls

    /// Sends a call for which there is room.
    func send(_ stream: ClientStream) {
        let now = NIODeadline.now()
        let request = Request(
            methodID: stream.call.method.id, timeoutMilliseconds: stream.deadline.wireTimeout(at: now), trace: stream.call.options.trace,
            metadata: stream.call.options.metadata, message: stream.call.payload)
        if let error = calls.refusal(of: request, on: core) { return stream.fail(error, isNotProcessed: true) }
        stream.connection = self
        stream.id = calls.send(request, for: stream, on: &core, at: now)
        if calls.isUsedUp { leave() }
        settleSoon()
    }

    /// The caller waits no longer.
    func giveUp(_ stream: ClientStream, with error: RPCError) {
        calls.giveUp(stream.id, on: &core, at: .now())
        stream.fail(error, isNotProcessed: false)
        settleSoon()
    }

    override func handleEvents() {
        let now = NIODeadline.now()
        while let event = calls.nextEvent(on: &core, at: now) {
            switch event {
            case .opened:
                wasOpened = true
                slot.opened(self)
            case .answered(let stream, let response):
                stream.finish(response)
                // Who waited may go on at once, and calls again while the other answers are still being read.
                resources.executor.runReady()
            case .leaving(let reason, let turnedAway):
                self.reason = reason
                tellSlot()
                for stream in turnedAway { slot.turnedAway(stream) }
            case .failed(let fault, let orphans):
                log(fault)
                reason = fault.message
                tellSlot()
                for stream in orphans { stream.fail(.unavailable(reason), isNotProcessed: false) }
            }
        }
    }

    override func advance(to now: NIODeadline) {
        if core.advance(to: now) { leave() }
    }

    // MARK: Ending

    /// Makes no new calls; closes once those under way have ended.
    private func leave() {
        calls.leave(core: &core, at: .now())
        tellSlot()
    }

    /// Closes for good. Calls under way fail.
    func close() {
        reason = "the client is closed"
        core.close(at: .now())
        failAll()
        settle()
    }

    override func lost() {
        tellSlot()
        failAll()
    }

    private func failAll() {
        for stream in calls.takeAll(on: &core, at: .now()) { stream.fail(.unavailable(reason), isNotProcessed: false) }
    }

    /// The slot learns once that no more calls go here.
    private func tellSlot() {
        guard !hasLeft else { return }
        hasLeft = true
        if wasOpened { slot.lost(self) } else { slot.attemptFailed(reason) }
    }
}

extension ClientStream {
    fileprivate func finish(_ response: Response) {
        switch response.outcome {
        case .message(let payload): finish(.success(ClientReply(payload: payload, metadata: response.metadata)))
        case .error(let error): fail(error, isNotProcessed: response.isNotProcessed)
        }
    }
}

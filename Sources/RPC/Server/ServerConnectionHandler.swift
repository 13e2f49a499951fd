import Logging
import NIOCore

/// The server's side of one connection: runs a handler for each call that begins.
final class ServerConnectionHandler: ConnectionHandler {
    private let environment: ServerEnvironment
    private var calls: ServerCalls
    private let callers: RememberedCallers

    init(environment: ServerEnvironment, resources: LoopResources) {
        self.environment = environment
        let options = environment.options
        callers = RememberedCallers(on: resources.eventLoop)
        calls = ServerCalls(table: environment.table, rules: options.callRules, load: environment.load)
        let core = ConnectionCore(
            role: .server, limits: options.limits, rules: options.healthRules, contractFingerprint: options.contractFingerprint,
            load: environment.load)
        calls.origin.callers = callers
        super.init(core: core, isHandshaking: options.tls != nil, resources: resources, logger: environment.logger)
    }

    override func channelActive(context: ChannelHandlerContext) {
        super.channelActive(context: context)
        calls.origin.peer = peer
    }

    override func handleEvents() {
        var now = NIODeadline.now()
        while let event = calls.nextEvent(on: &core, at: now) {
            switch event {
            case .begun(let call, let method):
                run(call, method)
                now = .now()
            case .abandoned(let call, let code):
                call.task?.cancel()
                observe(call, code, at: now)
            case .refused(let method, let code): environment.options.observer?.callEnded(method, code, after: .zero)
            case .failed(let fault): log(fault)
            }
        }
    }

    override func advance(to now: NIODeadline) {
        calls.advance(to: now, on: &core)
        if core.callsInFlight == 0 { callers.forgetAll() }
    }

    override var nextAdvance: NIODeadline {
        min(core.wakeUp, calls.wakeUp)
    }

    override func lost() {
        calls.connectionLost()
        if isHandshaking { environment.handshakes.end() }
    }

    override func refusal(ofPeerOn channel: any Channel) -> String? {
        environment.handshakes.end()
        guard let tls = environment.options.tls, !tls.knowsPeer(of: channel) else { return nil }
        return "the peer's certificate names no service of this hospital"
    }

    override func broke(because reason: String) {
        logger.notice("a connection is refused", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
    }

    override func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let request = event as? DrainRequest else { return super.userInboundEventTriggered(context: context, event: event) }
        calls.drain(grace: request.grace, on: &core, at: .now())
        settle()
    }

    // MARK: Handlers

    /// Runs a call here and now. Most end before this returns.
    private func run(_ call: ServerCall, _ method: ServedMethod) {
        calls.openFrame(of: call, on: &core)
        switch method.begin(call) {
        case .ended(let response): handlerReturned(response, for: call)
        case .waits(let place):
            calls.discardFrame(of: call, on: &core)
            goOn(call, method, from: place)
        }
    }

    private func goOn(_ call: ServerCall, _ method: ServedMethod, from place: Int) {
        let returning = Returning(connection: self, call: call, method: method)
        let task = Task.immediate(executorPreference: resources.executor) { await returning.run(from: place) }
        guard !call.hasReturned else { return }
        call.task = task
        calls.keep(call)
    }

    fileprivate func handlerReturned(_ response: Response, for call: ServerCall) {
        let now = NIODeadline.now()
        if let code = calls.finish(call, with: response, on: &core, at: now) {
            observe(call, code, at: now)
            if code != response.code { logger.error("a response is larger than its caller accepts", metadata: ["peer": "\(peer)"]) }
        }
        settleSoon()
    }

    private func observe(_ call: ServerCall, _ code: StatusCode, at now: NIODeadline) {
        environment.options.observer?.callEnded(
            call.context.method, code, after: .nanoseconds((now - call.context.arrivedAt).nanoseconds))
    }
}

/// Runs a handler and brings what it returned, wherever that was, to its connection's loop. Mostly it is there already.
///
/// `@unchecked Sendable`: the connection is touched on its event loop only.
private struct Returning: @unchecked Sendable {
    let connection: ServerConnectionHandler
    let call: ServerCall
    let method: ServedMethod

    func run(from place: Int) async {
        let response = await method.goOn(call, from: place)
        let eventLoop = connection.resources.eventLoop
        guard eventLoop.inEventLoop else {
            return eventLoop.execute { connection.handlerReturned(response, for: call) }
        }
        connection.handlerReturned(response, for: call)
    }
}

/// Asks a connection to end gracefully.
struct DrainRequest: Sendable {
    let grace: Duration
}

import Logging
import NIOCore

/// The server's side of one connection: runs a handler for each call that begins.
final class ServerConnectionHandler: ConnectionHandler {
    fileprivate typealias Outcome = Result<ServerReply, any Error>

    private let environment: ServerEnvironment
    private var calls: ServerCalls
    private let callers: RememberedCallers
    private let watch: TurnWatch?

    init(environment: ServerEnvironment, resources: LoopResources) {
        self.environment = environment
        let options = environment.options
        callers = RememberedCallers(on: resources.eventLoop)
        watch = environment.watch(on: resources.eventLoop)
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
                watch?.workBegins()
                now = run(call, method) ?? .now()
            case .wentOn(let call): call.stream?.resume(.success(()))
            case .abandoned(let call, let code):
                call.task?.cancel()
                call.stream?.resume(.failure(call.stream?.end ?? .cancelled))
                observe(call, code, at: now)
            case .refused(let method, let code): environment.options.observer?.callEnded(method, code, after: .zero)
            case .failed(let fault): log(fault)
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
        calls.advance(to: now, on: &core)
        if core.callsInFlight == 0 { callers.forgetAll() }
    }

    override var nextAdvance: NIODeadline {
        min(core.wakeUp, calls.wakeUp)
    }

    override func lost() {
        calls.connectionLost()
    }

    override func handlerRemoved(context: ChannelHandlerContext) {
        super.handlerRemoved(context: context)
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

    /// Runs a call here and now. Most end before this returns: then it answers when.
    private func run(_ call: ServerCall, _ method: ServedMethod) -> NIODeadline? {
        call.stream?.sink = ConnectionSink(connection: self)
        calls.openFrame(of: call, on: &core)
        switch method.begin(call) {
        case .ended(let response):
            let now = call.context.returnedAt ?? .now()
            handlerReturned(response, for: call, at: now)
            return now
        case .waits(let pause):
            calls.discardFrame(of: call, on: &core)
            goOn(call, method, from: pause)
            return nil
        }
    }

    private func goOn(_ call: ServerCall, _ method: ServedMethod, from pause: ServedMethod.Pause) {
        let returning = Returning(connection: self, call: call, method: method)
        if returning.hold(at: pause) { return calls.keep(call) }
        let task = Task.immediate(executorPreference: resources.executor) { await returning.run(from: pause) }
        guard !call.hasReturned else { return }
        call.task = task
        calls.keep(call)
    }

    /// A call goes on that was held.
    fileprivate func released(_ call: ServerCall, _ method: ServedMethod, from pause: ServedMethod.Pause, _ outcome: Outcome) {
        switch method.release(call, from: pause, outcome) {
        case .ended(let response): handlerReturned(response, for: call, at: call.context.returnedAt ?? .now())
        case .waits(let pause): goOn(call, method, from: pause)
        }
    }

    fileprivate func handlerReturned(_ response: Response, for call: ServerCall, at now: NIODeadline = .now()) {
        if let code = calls.finish(call, with: response, on: &core, at: now) {
            observe(call, code, at: now)
            if code != response.code { logger.error("a response is larger than its caller accepts", metadata: ["peer": "\(peer)"]) }
        }
        settleSoon()
    }

    /// Sends a message of a stream; false, with nothing done, where it has to wait.
    fileprivate func send(_ message: FrameMessage, of call: ServerCall) throws -> Bool {
        do {
            guard try calls.send(message, of: call, on: &core) else { return false }
        } catch is MessageTooLarge {
            logger.error("a message of a stream is larger than its caller accepts", metadata: ["peer": "\(peer)"])
            throw RPCError.internal
        }
        settleSoon()
        return true
    }

    /// Sends a message of a stream now or later, and tells `waiter`.
    fileprivate func send(_ payload: ByteBuffer, of call: ServerCall, _ waiter: CheckedContinuation<Void, any Error>) {
        do {
            if try send(.payload(payload), of: call) { return waiter.resume() }
            try calls.wait(with: payload, of: call)
        } catch {
            return waiter.resume(throwing: error)
        }
        call.stream?.waiter = waiter
        settleSoon()
    }

    /// Who writes to a stream has been cancelled.
    fileprivate func stopWriting(_ call: ServerCall) {
        guard let stream = call.stream else { return }
        calls.end(stream, stream.end ?? .cancelled)
        stream.resume(.failure(CancellationError()))
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

    /// Waits without a task, if that is possible. The call goes on in a later turn of the loop, never in this one.
    func hold(at pause: ServedMethod.Pause) -> Bool {
        method.hold(call, at: pause) { outcome in
            connection.resources.eventLoop.execute { connection.released(call, method, from: pause, outcome) }
        }
    }

    func run(from pause: ServedMethod.Pause) async {
        let response = await method.goOn(call, from: pause)
        let eventLoop = connection.resources.eventLoop
        guard eventLoop.inEventLoop else {
            return eventLoop.execute { connection.handlerReturned(response, for: call) }
        }
        connection.handlerReturned(response, for: call)
    }
}

/// Carries the messages of a stream to their connection's loop. Mostly they are written there.
///
/// `@unchecked Sendable`: the connection is touched on its event loop only.
private struct ConnectionSink: StreamSink, @unchecked Sendable {
    let connection: ServerConnectionHandler

    func sendAtOnce(_ message: FrameMessage, of call: ServerCall) throws -> Bool {
        try connection.resources.eventLoop.inEventLoop && connection.send(message, of: call)
    }

    func send(_ payload: ByteBuffer, of call: ServerCall) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                onLoop { connection.send(payload, of: call, waiter) }
            }
        } onCancel: {
            onLoop { connection.stopWriting(call) }
        }
    }

    private func onLoop(_ action: @escaping @Sendable () -> Void) {
        let eventLoop = connection.resources.eventLoop
        if eventLoop.inEventLoop { action() } else { eventLoop.execute(action) }
    }
}

/// Asks a connection to end gracefully.
public struct DrainRequest: Sendable {
    public let grace: Duration
}

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
        super.init(core: core, resources: resources, logger: environment.logger)
    }

    override func handleEvents() {
        while let event = calls.nextEvent(on: &core, at: .now()) {
            switch event {
            case .begun(let stream): run(stream)
            case .abandoned(let stream, let code):
                stream.task?.cancel()
                observe(stream, code, at: .now())
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
    }

    override func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let request = event as? DrainRequest else { return super.userInboundEventTriggered(context: context, event: event) }
        calls.drain(grace: request.grace, on: &core, at: .now())
        settle()
    }

    // MARK: Handlers

    /// Runs a call's handler here and now. Most end before this returns.
    private func run(_ stream: ServerStream) {
        let context = CallContext(
            method: stream.method.descriptor, arrivedAt: stream.startedAt, deadline: Deadline(stream.deadline),
            metadata: stream.request.metadata, trace: stream.request.trace, peer: peer, callers: callers)
        let call = ServerCall(context: context, payload: stream.request.message)
        switch stream.method.begin(call) {
        case .ended(let response): handlerReturned(response, for: stream)
        case .waits(let place): goOn(call, from: place, of: stream)
        }
    }

    private func goOn(_ call: ServerCall, from place: Int, of stream: ServerStream) {
        let returning = Returning(connection: self, stream: stream)
        let task = Task.immediate(executorPreference: resources.executor) { await returning.answer(call, from: place) }
        guard !stream.hasReturned else { return }
        stream.task = task
        calls.keep(stream)
    }

    fileprivate func handlerReturned(_ response: Response, for stream: ServerStream) {
        let now = NIODeadline.now()
        if let code = calls.finish(stream, with: response, on: &core, at: now) {
            observe(stream, code, at: now)
            if code != response.code { logger.error("an answer is larger than its caller accepts", metadata: ["peer": "\(peer)"]) }
        }
        settleSoon()
    }

    private func observe(_ stream: ServerStream, _ code: StatusCode, at now: NIODeadline) {
        environment.options.observer?.callEnded(stream.method.descriptor, code, after: .nanoseconds((now - stream.startedAt).nanoseconds))
    }
}

/// Runs a handler and brings what it returned, wherever that was, to its connection's loop. Mostly it is there already.
///
/// `@unchecked Sendable`: the connection is touched on its event loop only.
private struct Returning: @unchecked Sendable {
    let connection: ServerConnectionHandler
    let stream: ServerStream

    func answer(_ call: ServerCall, from place: Int) async {
        let response = await stream.method.goOn(call, from: place)
        let eventLoop = connection.resources.eventLoop
        guard eventLoop.inEventLoop else {
            return eventLoop.execute { connection.handlerReturned(response, for: stream) }
        }
        connection.handlerReturned(response, for: stream)
    }
}

/// Asks a connection to end gracefully.
struct DrainRequest: Sendable {
    let grace: Duration
}

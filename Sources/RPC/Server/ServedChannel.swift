public import NIOCore

/// The methods of a server, for another protocol that is spoken on one connection to its port: the same table, interceptors, limits,
/// deadlines and counts as for calls over our own.
///
/// `@unchecked Sendable`: what changes is touched on its connection's event loop only.
public final class ServedChannel: RPCChannel, @unchecked Sendable {
    private typealias Reply = @Sendable (Result<ClientReply, RPCError>) -> Void

    private let environment: ServerEnvironment
    private let resources: LoopResources
    private let origin: CallOrigin
    private let rules: ServerCallRules
    /// Calls of this connection whose handlers have not returned.
    private var callsInFlight = 0
    private var streamsInFlight = 0

    init(_ environment: ServerEnvironment, _ resources: LoopResources, peer: String) {
        self.environment = environment
        self.resources = resources
        rules = environment.options.callRules
        origin = CallOrigin(peer: peer, callers: RememberedCallers(on: resources.eventLoop))
    }

    public var executor: EventLoopExecutor { resources.executor }

    /// What is served under a name: `hms.patient.v1.PatientService/GetPatient`.
    public func method(named name: String) -> MethodDescriptor? {
        environment.table.method(MethodDescriptor.id(of: name))?.descriptor
    }

    /// Whether anything is served under the name of a service: `hms.patient.v1.PatientService`.
    public func servesService(named name: String) -> Bool {
        environment.table.serviceNames.contains(name[...])
    }

    /// Counts bytes of requests that are not whole yet. Answers false where there are too many; they are counted nonetheless.
    public func hold(_ byteCount: Int) -> Bool {
        environment.load.hold(byteCount, of: byteCount)
    }

    // MARK: One answer

    /// Runs a call here and now; mostly it ends before this returns. Nil where this isn't the connection's event loop.
    public func begin(
        _ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions,
        onReply: @escaping @Sendable (Result<ClientReply, RPCError>) -> Void
    ) -> BegunCall? {
        guard resources.eventLoop.inEventLoop else { return nil }
        do throws(RPCError) {
            let (call, served) = try admit(method, payload, options, stream: nil)
            switch served.begin(call) {
            case .ended(let response):
                returned(call, response, onReply)
                return .ended
            case .waits(let pause): wait(call, served, at: pause, onReply)
            }
            return BegunCall { self.abandon(call, .cancelled, onReply) }
        } catch {
            onReply(.failure(error))
            return .ended
        }
    }

    public func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        try await withCheckedContinuation { continuation in
            resources.eventLoop.execute {
                _ = self.begin(method, payload, options) { continuation.resume(returning: $0) }
            }
        }.get()
    }

    private func wait(_ call: ServerCall, _ served: ServedMethod, at pause: ServedMethod.Pause, _ onReply: @escaping Reply) {
        let deadline = resources.eventLoop.assumeIsolated().scheduleTask(deadline: call.context.deadline.instant) {
            self.abandon(call, .deadlineExceeded, onReply)
        }
        goOn(call, served, from: pause) { response in
            deadline.cancel()
            self.returned(call, response, onReply)
        }
    }

    /// - Parameter end: called on the event loop.
    private func goOn(
        _ call: ServerCall, _ served: ServedMethod, from pause: ServedMethod.Pause, _ end: @escaping @Sendable (Response) -> Void
    ) {
        let eventLoop = resources.eventLoop
        let isHeld = served.hold(call, at: pause) { outcome in
            eventLoop.execute {
                switch served.release(call, from: pause, outcome) {
                case .ended(let response): end(response)
                case .waits(let next): self.goOn(call, served, from: next, end)
                }
            }
        }
        guard !isHeld else { return }
        let task = Task.immediate(executorPreference: resources.executor) {
            let response = await served.goOn(call, from: pause)
            if eventLoop.inEventLoop { end(response) } else { eventLoop.execute { end(response) } }
        }
        if !call.hasReturned { call.task = task }
    }

    private func returned(_ call: ServerCall, _ response: Response, _ onReply: Reply) {
        call.hasReturned = true
        release(call)
        guard !call.hasEnded else { return }
        call.hasEnded = true
        let result = response.result
        observe(call, result.code)
        onReply(result)
    }

    /// The call has ended before its handler.
    private func abandon(_ call: ServerCall, _ error: RPCError, _ onReply: Reply) {
        guard !call.hasEnded else { return }
        call.hasEnded = true
        call.task?.cancel()
        observe(call, error.code)
        onReply(.failure(error))
    }

    // MARK: A stream of answers

    public func stream(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) -> PayloadStream {
        let incoming = IncomingMessages(windowKiB: 64)
        let sink = InProcessStream(to: incoming)
        let stream = OutgoingStream(credit: StreamCredit(byteCount: 0))
        do throws(RPCError) {
            guard resources.eventLoop.inEventLoop else { throw .internal }
            stream.sink = sink
            let (call, served) = try admit(method, payload, options, stream: stream)
            incoming.began(from: sink)
            let giveUp: @Sendable (RPCError) -> Void = { error in
                self.abandon(call, error) { _ in incoming.end(.failure(error)) }
                sink.end(error)
            }
            let deadline = resources.eventLoop.assumeIsolated().scheduleTask(deadline: call.context.deadline.instant) {
                giveUp(.deadlineExceeded)
            }
            run(call, served) { result in
                deadline.cancel()
                incoming.end(result.map(\.metadata))
            }
            return PayloadStream(incoming) { self.resources.eventLoop.execute { giveUp(.cancelled) } }
        } catch {
            return PayloadStream(failing: error)
        }
    }

    private func run(_ call: ServerCall, _ served: ServedMethod, _ onReply: @escaping Reply) {
        goOn(call, served, from: .entering(0)) { self.returned(call, $0, onReply) }
    }

    // MARK: What is taken on

    private func admit(
        _ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions, stream: OutgoingStream?
    ) throws(RPCError) -> (ServerCall, ServedMethod) {
        do throws(RPCError) {
            guard let served = environment.table.method(method.id) else { throw .unimplemented("this method") }
            guard served.descriptor.isStreamed == (stream != nil) else { throw .unimplemented("\(method.name) in this form") }
            let most = stream == nil ? rules.maximumTimeout : rules.maximumStreamTimeout
            let timeout = min(options.timeout?.timeAmount ?? most, most)
            guard timeout > .zero else { throw .deadlineExceeded }
            try takeOn(payload.readableBytes, served.descriptor.priority, isStream: stream != nil)
            let now = NIODeadline.now()
            let context = CallContext(
                method: served.descriptor, arrivedAt: now, deadline: Deadline(now + timeout), metadata: options.metadata,
                trace: options.trace, origin: origin)
            return (ServerCall(context: context, payload: payload, streamID: 0, heldBytes: payload.readableBytes, stream: stream), served)
        } catch {
            environment.options.observer?.callEnded(method, error.code, after: .zero)
            throw error
        }
    }

    private func takeOn(_ byteCount: Int, _ priority: CallPriority, isStream: Bool) throws(RPCError) {
        let limits = environment.options.limits
        guard callsInFlight < limits.maximumCallsInFlight, environment.load.admit(bytes: byteCount, priority) else {
            environment.load.noteShed()
            throw .overloaded("too much is in flight", retryAfter: rules.overloadPushback)
        }
        if isStream {
            guard streamsInFlight < limits.maximumStreamsInFlight, environment.load.admitStream() else {
                environment.load.release(bytes: byteCount)
                throw .overloaded("too many streams are in flight", retryAfter: rules.overloadPushback)
            }
            streamsInFlight += 1
        }
        callsInFlight += 1
    }

    private func release(_ call: ServerCall) {
        environment.load.release(bytes: call.heldBytes)
        callsInFlight -= 1
        guard call.stream != nil else { return }
        environment.load.releaseStream()
        streamsInFlight -= 1
    }

    private func observe(_ call: ServerCall, _ code: StatusCode) {
        let age = NIODeadline.now() - call.context.arrivedAt
        environment.options.observer?.callEnded(call.context.method, code, after: .nanoseconds(age.nanoseconds))
    }
}

extension Response {
    fileprivate var result: Result<ClientReply, RPCError> {
        switch outcome {
        case .message(let payload): .success(ClientReply(payload: payload, metadata: metadata))
        case .error(let error): .failure(error)
        }
    }
}

import NIOCore

/// One call, from its caller's task over a connection and back, and over another connection where it is tried again. As a
/// timer it is the call's deadline while it waits for a connection; the connection that it is sent on watches it from then on.
///
/// `@unchecked Sendable`: handed over to its slot for each attempt, and until that ends touched on the slot's event loop only.
/// Once the task is cancelled there is no other attempt.
final class ClientCall: LoopTimer, @unchecked Sendable {
    typealias Outcome = Result<ClientReply, CallFailure>

    let method: MethodDescriptor
    let options: CallOptions
    let deadline: Deadline
    /// Where the messages of its answer go, if that is a stream.
    let incoming: IncomingMessages?
    /// The request, encoded, once it has had to wait or has failed.
    private(set) var payload: ByteBuffer?
    /// How frames name it on its connection.
    private var streamID: UInt32 = 0
    /// What it was sent on; nil while it waits.
    private var connection: ClientConnectionHandler?
    /// What it was sent to when it last failed.
    private(set) var failedReplica: ObjectIdentifier?
    private var hasArrived = false
    private var isCancelled = false
    /// Nil once he has been told.
    private var waiter: Waiter?

    /// Who is told the outcome of an attempt.
    private enum Waiter {
        case task(UnsafeContinuation<Outcome, Never>)
        /// On the slot's event loop.
        case callback((Outcome) -> Void)
    }

    init(
        method: MethodDescriptor, payload: ByteBuffer? = nil, options: CallOptions, deadline: Deadline = .never,
        incoming: IncomingMessages? = nil
    ) {
        self.method = method
        self.payload = payload
        self.options = options
        self.deadline = deadline
        self.incoming = incoming
    }

    /// Makes one attempt. Each way out goes through ``finish(_:)``, once.
    func attempt(
        over slot: ConnectionSlot, at now: NIODeadline, _ lend: ((FrameMessage) -> Void) -> Void
    ) async -> Outcome {
        hasArrived = false
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                waiter = .task(continuation)
                lend { slot.submit(self, with: $0, at: now) }
            }
        } onCancel: {
            slot.onLoop { self.cancel(in: slot) }
        }
    }

    /// Makes one attempt for who is on the slot's event loop already.
    func attempt(over slot: ConnectionSlot, at now: NIODeadline, whenFinished callback: @escaping (Outcome) -> Void) {
        waiter = .callback(callback)
        slot.submit(self, with: kept, at: now)
    }

    // MARK: On the loop

    /// Has reached the loop. Answers why the caller no longer waits, or nil while he does.
    func arrive(at now: NIODeadline) -> RPCError? {
        hasArrived = true
        if isCancelled { return .cancelled }
        return deadline.instant <= now ? .deadlineExceeded : nil
    }

    /// Keeps the request beyond the time for which it was lent.
    func keep(_ message: FrameMessage) {
        if payload == nil { payload = message.payload }
    }

    /// The request that was kept.
    var kept: FrameMessage { .payload(payload ?? ByteBuffer()) }

    /// The REQUEST, as it is written now.
    func request(of message: FrameMessage, at now: NIODeadline) -> Request {
        Request(
            methodID: method.id, timeoutMilliseconds: deadline.wireTimeout(at: now), trace: options.trace,
            priority: max(method.priority, options.priority), creditKiB: incoming?.windowKiB, metadata: options.metadata, message: message)
    }

    func sent(on connection: ClientConnectionHandler, as streamID: UInt32) {
        self.connection = connection
        self.streamID = streamID
        incoming?.began(from: StreamSource(connection: connection, streamID: streamID))
    }

    /// The server went away without having looked at it.
    func turnAway() {
        finish(.failure(CallFailure(error: .unavailable("the server is going away"), isNotProcessed: true, isTurnedAway: true)))
    }

    var isFinished: Bool { waiter == nil }

    func finish(_ outcome: Outcome) {
        guard let waiter else { return }
        self.waiter = nil
        if case .failure = outcome { failedReplica = connection.map { ObjectIdentifier($0.replica) } }
        connection = nil
        incoming?.left()
        switch waiter {
        case .task(let continuation): continuation.resume(returning: outcome)
        case .callback(let callback): callback(outcome)
        }
    }

    func finish(_ response: Response) {
        switch response.outcome {
        case .message(let payload) where incoming != nil && payload.readableBytes > 0:
            fail(RPCError(.internal, "INTERNAL", "a stream was answered by a single message"), isNotProcessed: false)
        case .message(let payload): finish(.success(ClientReply(payload: payload, metadata: response.metadata)))
        case .error(let error): fail(error, isNotProcessed: response.isNotProcessed)
        }
    }

    func fail(_ error: RPCError, isNotProcessed: Bool) {
        finish(.failure(CallFailure(error: error, isNotProcessed: isNotProcessed)))
    }

    /// The deadline has come before a connection was there.
    override func expire() {
        fail(.deadlineExceeded, isNotProcessed: true)
    }

    /// May overtake the call on its way to the loop; then ``arrive(at:)`` tells.
    func cancel(in slot: ConnectionSlot) {
        isCancelled = true
        guard hasArrived, !isFinished else { return }
        if let connection {
            connection.giveUp(self, streamID)
        } else {
            slot.forget(self)
            fail(.cancelled, isNotProcessed: true)
        }
    }
}

public import Logging
public import NIOCore
public import NIOPosix
import Synchronization

/// Calls the methods of a service at an address.
///
/// Connects when it is first used, and again whenever the connection is lost. Calls from a task that runs on one of its
/// event loops (see ``EventLoopExecutor``) change no thread where ``RPCClientOptions/connections`` is `.onePerEventLoop`.
public final class RPCClient: RPCChannel {
    let environment: ClientEnvironment
    private let slots: [ConnectionSlot]
    private let slotsByLoop: [ObjectIdentifier: ConnectionSlot]
    let budget: RetryBudget
    private let nextSlot = Atomic<UInt>(0)

    /// Several addresses stand for several instances of one service: the next is tried when one fails.
    public init(
        addresses: [ServerAddress], options: RPCClientOptions = RPCClientOptions(),
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) {
        environment = ClientEnvironment(addresses: addresses, options: options, logger: logger)
        budget = RetryBudget(options.retry)
        let loops = options.connections == .one ? [eventLoopGroup.next()] : Array(eventLoopGroup.makeIterator())
        slots = loops.map { [environment] in ConnectionSlot(environment: environment, resources: LoopResources(on: $0)) }
        slotsByLoop = Dictionary(slots.map { (ObjectIdentifier($0.resources.eventLoop), $0) }) { first, _ in first }
    }

    /// A client for one address.
    public convenience init(
        host: String, port: Int, options: RPCClientOptions = RPCClientOptions(),
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) {
        self.init(
            addresses: [ServerAddress(host: host, port: port)], options: options, eventLoopGroup: eventLoopGroup, logger: logger)
    }

    public func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        let call = ClientCall(method: method, payload: payload, options: options)
        guard let observer = environment.options.observer else { return try await answer(call, after: 0) }
        let start = NIODeadline.now()
        do {
            let reply = try await answer(call, after: 0)
            observer.callEnded(method, .ok, after: .nanoseconds((.now() - start).nanoseconds))
            return reply
        } catch {
            let code = (error as? RPCError)?.code ?? (error is CancellationError ? .cancelled : .unknown)
            observer.callEnded(method, code, after: .nanoseconds((.now() - start).nanoseconds))
            throw error
        }
    }

    /// Closes the connections for good. Calls under way fail.
    public func close() async {
        for slot in slots {
            await withCheckedContinuation { continuation in
                slot.onLoop {
                    slot.close()
                    continuation.resume()
                }
            }
        }
    }

    private func answer(_ call: ClientCall, after depth: Int) async throws -> ClientReply {
        let interceptors = environment.options.interceptors
        guard depth < interceptors.count else { return try await perform(call) }
        return try await interceptors[depth].intercept(call) { call in try await answer(call, after: depth + 1) }
    }

    private func perform(_ call: ClientCall) async throws -> ClientReply {
        guard !environment.addresses.isEmpty else { throw RPCError.unavailable("no address is known") }
        let deadline = Deadline.after(call.options.timeout ?? environment.options.defaultTimeout)
        budget.earn()
        return try await attempt(call, by: deadline).get()
    }

    /// Attempts the call until it is answered, or trying again is of no use or not safe.
    ///
    /// - Parameter first: 1, or more where earlier attempts have failed.
    func attempt(_ call: ClientCall, by deadline: Deadline, first: Int = 1) async -> Result<ClientReply, RPCError> {
        var attempt = first
        while true {
            switch await ClientStream(call: call, deadline: deadline, slot: slot()).result() {
            case .success(let reply): return .success(reply)
            case .failure(let failure):
                guard let wait = waitBeforeRetry(after: failure, attempt: attempt, of: call, deadline), await slept(wait) else {
                    return .failure(failure.error)
                }
                attempt += 1
            }
        }
    }

    /// How long to wait before the call is attempted once more; nil where that is of no use, not safe, or done too often.
    func waitBeforeRetry(after failure: CallFailure, attempt: Int, of call: ClientCall, _ deadline: Deadline) -> Duration? {
        let wait = environment.options.retry.wait(after: failure, attempt: attempt, of: call, deadline: deadline)
        return wait.flatMap { budget.spend() ? $0 : nil }
    }

    /// False when the task was cancelled instead.
    func slept(_ wait: Duration) async -> Bool {
        (try? await Task.sleep(for: wait)) != nil
    }

    /// The slot of the loop that this runs on, else the next in turn.
    private func slot() -> ConnectionSlot {
        if slots.count == 1 { return slots[0] }
        return slotOfThisLoop() ?? slots[Int(nextSlot.wrappingAdd(1, ordering: .relaxed).oldValue % UInt(slots.count))]
    }

    /// Nil where this runs on no loop, or the client has no connection there.
    func slotOfThisLoop() -> ConnectionSlot? {
        MultiThreadedEventLoopGroup.currentEventLoop.flatMap { slotsByLoop[ObjectIdentifier($0)] }
    }
}

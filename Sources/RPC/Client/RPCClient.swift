public import Logging
public import NIOCore
public import NIOPosix
public import ProtobufC
import Synchronization

/// Calls the methods of a service at its addresses, each of which stands for one replica or more.
///
/// Connects when it is first used, and again whenever a connection is lost. Calls from a task that runs on one of its
/// event loops (see ``EventLoopExecutor``) change no thread where ``RPCClientOptions/connections`` is `.onePerEventLoop`.
public final class RPCClient: RPCChannel {
    let environment: ClientEnvironment
    private let slots: [ConnectionSlot]
    private let slotsByLoop: [ObjectIdentifier: ConnectionSlot]
    let budget: RetryBudget
    private let nextSlot = Atomic<UInt>(0)

    /// Every address of several, and every address that a name stands for, is a replica: calls spread over all of them.
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
        try await call(method, options) { $0(.payload(payload)) }
    }

    public func call(_ method: MethodDescriptor, with request: some Message, _ options: CallOptions) async throws -> ClientReply {
        try await call(method, options) { take in request.withPacked { take(.packed($0)) } }
    }

    /// `lend` hands out the request, for as long as what takes it runs.
    private func call(
        _ method: MethodDescriptor, _ options: CallOptions, _ lend: ((FrameMessage) -> Void) -> Void
    ) async throws -> ClientReply {
        let start = NIODeadline.now()
        let timeout = options.timeout ?? environment.options.defaultTimeout
        let call = ClientCall(method: method, options: options, deadline: Deadline(start + timeout.timeAmount))
        let outcome = await perform(call, from: start, lend)
        environment.options.observer?.callEnded(method, outcome.code, after: .nanoseconds((.now() - start).nanoseconds), options)
        return try outcome.get()
    }

    public var counts: ClientCounts { environment.counts }

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

    func perform(
        _ call: ClientCall, from start: NIODeadline, _ lend: ((FrameMessage) -> Void) -> Void
    ) async -> Result<ClientReply, RPCError> {
        guard !slots.isEmpty, !environment.addresses.isEmpty else { return .failure(.unavailable("no address is known")) }
        budget.earn()
        return await attempt(call, over: slot(), from: start, lend)
    }

    private func attempt(
        _ call: ClientCall, over slot: ConnectionSlot, from start: NIODeadline, _ lend: ((FrameMessage) -> Void) -> Void
    ) async -> Result<ClientReply, RPCError> {
        switch await call.attempt(over: slot, at: start, lend) {
        case .success(let reply): .success(reply)
        case .failure(let failure): await tryAgain(call, after: failure, over: slot, lend)
        }
    }

    private func tryAgain(
        _ call: ClientCall, after failure: CallFailure, over slot: ConnectionSlot, _ lend: ((FrameMessage) -> Void) -> Void
    ) async -> Result<ClientReply, RPCError> {
        lend { call.keep($0) }
        var retries = CallRetries(environment.options.retry, budget)
        guard let wait = retries.wait(after: failure, of: call) else { return .failure(failure.error) }
        return await tryAgain(call, in: wait, after: failure, retries, over: slot)
    }

    /// Attempts a call that has failed until there is a reply, or trying again is of no use or not safe. The one way in which
    /// calls are tried again.
    func tryAgain(
        _ call: ClientCall, in firstWait: Duration, after first: CallFailure, _ retries: CallRetries, over slot: ConnectionSlot
    ) async -> Result<ClientReply, RPCError> {
        var (wait, failure, retries) = (firstWait, first, retries)
        while await slept(wait) {
            environment.counts.callRetried()
            switch await call.attempt(over: slot, at: .now(), { $0(call.kept) }) {
            case .success(let reply): return .success(reply)
            case .failure(let next): failure = next
            }
            guard let next = retries.wait(after: failure, of: call) else { break }
            wait = next
        }
        return .failure(failure.error)
    }

    /// False when the task was cancelled instead.
    private func slept(_ wait: Duration) async -> Bool {
        wait == .zero ? !Task.isCancelled : (try? await Task.sleep(for: wait)) != nil
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

extension Result<ClientReply, RPCError> {
    var code: StatusCode {
        switch self {
        case .success: .ok
        case .failure(let error): error.code
        }
    }
}

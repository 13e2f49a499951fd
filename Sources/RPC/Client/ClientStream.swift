import NIOCore

/// One attempt at a call, from the caller to the answer. Its timer is the call's deadline.
///
/// `@unchecked Sendable`: made by the caller and handed over once; from then on touched on its slot's event loop only.
final class ClientStream: LoopTimer, @unchecked Sendable {
    typealias Result = Swift.Result<ClientReply, CallFailure>

    /// Who is told the result.
    private enum Waiter {
        case task(UnsafeContinuation<Result, Never>)
        /// On the slot's event loop.
        case callback((Result) -> Void)
    }

    let call: ClientCall
    let deadline: Deadline
    /// Zero until it is sent.
    var id: UInt32 = 0
    /// The connection that it was sent on.
    var connection: ClientConnectionHandler?
    /// Whether it was sent on a connection that refused it unseen; that is borne with once.
    var wasTurnedAway = false
    private var hasBegun = false
    private var isCancelled = false
    private let slot: ConnectionSlot
    /// Nil once he has been told.
    private var waiter: Waiter?

    init(call: ClientCall, deadline: Deadline, slot: ConnectionSlot) {
        self.call = call
        self.deadline = deadline
        self.slot = slot
    }

    /// Performs the attempt. Each way out goes through ``finish(_:)``, once.
    func result() async -> Result {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                waiter = .task(continuation)
                slot.submit(self)
            }
        } onCancel: {
            slot.onLoop { self.cancel() }
        }
    }

    /// Performs the attempt for who is on the slot's event loop already.
    func begin(whenFinished callback: @escaping (Result) -> Void) {
        waiter = .callback(callback)
        slot.submit(self)
    }

    /// Has reached the loop. Answers why the caller no longer waits, or nil while he does.
    func begin() -> RPCError? {
        hasBegun = true
        if isCancelled { return .cancelled }
        return deadline.hasPassed ? .deadlineExceeded : nil
    }

    var isFinished: Bool { waiter == nil }

    func finish(_ result: Result) {
        guard let waiter else { return }
        self.waiter = nil
        connection = nil
        slot.resources.timers.remove(self)
        switch waiter {
        case .task(let continuation): continuation.resume(returning: result)
        case .callback(let callback): callback(result)
        }
    }

    func fail(_ error: RPCError, isNotProcessed: Bool) {
        finish(.failure(CallFailure(error: error, isNotProcessed: isNotProcessed)))
    }

    override func expire() {
        slot.giveUp(self, with: .deadlineExceeded)
    }

    /// May overtake the call on its way to the loop; then ``begin()`` tells.
    func cancel() {
        isCancelled = true
        if hasBegun { slot.giveUp(self, with: .cancelled) }
    }
}

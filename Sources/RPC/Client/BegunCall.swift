/// A call that a client has begun without a task, for who waits for its reply on an event loop.
///
/// `@unchecked Sendable`: touched on the event loop only on which it was begun.
public final class BegunCall: @unchecked Sendable {
    private let call: ClientCall
    private let slot: ConnectionSlot
    /// What tries again, once the first attempt has failed.
    var retry: Task<Void, Never>?

    init(_ call: ClientCall, over slot: ConnectionSlot) {
        self.call = call
        self.slot = slot
    }

    /// Nobody waits for the reply any more. It may still be told that the call was cancelled.
    public func cancel() {
        if let retry { retry.cancel() } else { call.cancel(in: slot) }
    }
}

/// A call that a client has begun without a task, for who waits for its reply on an event loop.
///
/// `@unchecked Sendable`: touched on the event loop only on which it was begun.
public final class BegunCall: @unchecked Sendable {
    private enum Way {
        case over(ConnectionSlot, ClientCall)
        case here(cancel: () -> Void)
    }

    /// One that has ended already.
    static let ended = BegunCall {}

    private let way: Way
    /// What tries again, once the first attempt has failed.
    var retry: Task<Void, Never>?

    init(_ call: ClientCall, over slot: ConnectionSlot) {
        way = .over(slot, call)
    }

    /// A call that is made in this process.
    init(cancel: @escaping () -> Void) {
        way = .here(cancel: cancel)
    }

    /// Nobody waits for the reply any more. It may still be told that the call was cancelled.
    public func cancel() {
        switch way {
        case .over(let slot, let call): if let retry { retry.cancel() } else { call.cancel(in: slot) }
        case .here(let cancel): cancel()
        }
    }
}

/// A call that a client has begun without a task, for who waits for its answer on an event loop.
///
/// `@unchecked Sendable`: touched on the event loop only on which it was begun.
public final class BegunCall: @unchecked Sendable {
    /// The attempt under way.
    var stream: ClientStream?
    /// What tries again, once the first attempt has failed.
    var retry: Task<Void, Never>?

    /// Nobody waits for the answer any more. It may still be told that the call was cancelled.
    public func cancel() {
        stream?.cancel()
        retry?.cancel()
    }
}

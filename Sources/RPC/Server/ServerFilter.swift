/// An interceptor that mostly waits for nothing: it looks at a call on its way in, and at what became of it on its way out.
/// Those that stand outside all other interceptors cost a call no task. They are objects, because every call passes all of them:
/// to hand on an object is to count one reference.
public protocol ServerFilter: AnyObject, ServerInterceptor {
    /// The filter for the calls of one method, knowing already what is the same for all of them. Asked once a method.
    func prepared(for method: MethodDescriptor) -> any ServerFilter
    /// Lets a call pass, or refuses it by throwing. False, with nothing done, where something has to be waited for first:
    /// then ``enterWaiting(_:)`` is asked.
    func enter(_ call: ServerCall) throws -> Bool
    /// Does what ``enter(_:)`` could not do at once.
    func enterWaiting(_ call: ServerCall) async throws
    /// Sees how a call ended that had passed, and may change it.
    func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>)
}

extension ServerFilter {
    public func prepared(for method: MethodDescriptor) -> any ServerFilter { self }
    public func enterWaiting(_ call: ServerCall) async throws {}
    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {}

    public func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        if try !enter(call) { try await enterWaiting(call) }
        var outcome: Result<ServerReply, any Error>
        do {
            outcome = .success(try await next(call))
        } catch {
            outcome = .failure(error)
        }
        leave(call, &outcome)
        return try outcome.get()
    }
}

/// A filter that may have to wait when a call has ended: for the disk, or for another service. Calls of which it has nothing to look at
/// are answered as fast as without it.
public protocol ServerReview: ServerFilter {
    /// Whether ``review(_:_:)`` has to be asked before the call is answered. Asked when the filter has been left.
    func reviews(_ call: ServerCall, _ outcome: Result<ServerReply, any Error>) -> Bool
    /// Looks at how a call ended, and may change it.
    func review(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) async
}

extension ServerReview {
    public func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        if try !enter(call) { try await enterWaiting(call) }
        var outcome: Result<ServerReply, any Error>
        do {
            outcome = .success(try await next(call))
        } catch {
            outcome = .failure(error)
        }
        leave(call, &outcome)
        if reviews(call, outcome) { await review(call, &outcome) }
        return try outcome.get()
    }
}

/// A review that is over when somebody says so who has no task: a disk's thread, that ends many at once. A call waits for it without a
/// task, which costs more than all else that is done for a read.
public protocol ServerHold: ServerReview {
    /// Looks at how a call ended, and calls `then` once, on whatever thread, with how it is to be answered. Its caller may have hung up
    /// by then, which ends nothing.
    func hold(
        _ call: ServerCall, _ outcome: Result<ServerReply, any Error>, then: @escaping @Sendable (Result<ServerReply, any Error>) -> Void)
}

extension ServerHold {
    public func review(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) async {
        outcome = await withCheckedContinuation { [outcome] continuation in
            hold(call, outcome) { continuation.resume(returning: $0) }
        }
    }
}

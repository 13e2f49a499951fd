import NIOCore

/// One call on a connection, from its REQUEST until its handler has returned. As a timer it is the call's deadline.
///
/// `@unchecked Sendable`: touched on its connection's event loop only; the handler's task merely carries it back there.
final class ServerStream: HeapTimer, @unchecked Sendable {
    let id: UInt32
    let method: ServedMethod
    let startedAt: NIODeadline
    let deadline: NIODeadline
    let request: Request
    /// What the request holds in memory until the handler returns.
    let requestBytes: Int
    /// What runs the handler, where it didn't return at once.
    var task: Task<Void, Never>?
    /// It is entered in its connection's table, because its handler didn't return at once.
    var isKept = false
    /// The caller has his answer, or no longer wants one.
    var isAnswered = false
    var hasReturned = false

    init(id: UInt32, method: ServedMethod, startedAt: NIODeadline, deadline: NIODeadline, request: Request, requestBytes: Int) {
        self.id = id
        self.method = method
        self.startedAt = startedAt
        self.deadline = deadline
        self.request = request
        self.requestBytes = requestBytes
    }
}

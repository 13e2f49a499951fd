import NIOCore

/// One call on a connection, from its REQUEST until its handler has returned. Its timer is the call's deadline.
///
/// `@unchecked Sendable`: touched on its connection's event loop only; the handler's task merely carries it back there.
final class ServerStream: LoopTimer, @unchecked Sendable {
    let id: UInt32
    let method: MethodDescriptor
    let startedAt: NIODeadline
    var task: Task<Void, Never>?
    /// The caller has his answer, or no longer wants one.
    var isAnswered = false
    var hasReturned = false
    private let connection: ServerConnection

    init(id: UInt32, method: MethodDescriptor, startedAt: NIODeadline, connection: ServerConnection) {
        self.id = id
        self.method = method
        self.startedAt = startedAt
        self.connection = connection
    }

    /// Runs the handler. It starts, and normally ends, on the connection's loop.
    func run(_ call: ServerCall) async {
        let response = await connection.core.response(to: call)
        let eventLoop = connection.resources.eventLoop
        if eventLoop.inEventLoop {
            connection.handlerReturned(response, for: self)
        } else {
            eventLoop.execute { self.connection.handlerReturned(response, for: self) }
        }
    }

    override func expire() {
        connection.deadlinePassed(for: self)
    }
}

/// Is told how each call ended, for metrics. Called on event loops: it must not block.
public protocol CallObserver: Sendable {
    /// `code` is `ok` for an answered call; `duration` runs from the call's arrival (server) or start (client). A server
    /// tells of calls that it refused, and of those whose connection was lost (`cancelled`), too; a call to a method that it
    /// doesn't know is one to ``MethodDescriptor/unknown``.
    func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration)
    /// The same of a client's call, with how it was made.
    func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration, _ options: CallOptions)
}

extension CallObserver {
    public func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration, _ options: CallOptions) {
        callEnded(method, code, after: duration)
    }
}

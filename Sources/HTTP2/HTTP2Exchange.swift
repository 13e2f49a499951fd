public import NIOCore

/// One request and its answer. It is told what comes of the request, and answers on its ``HTTP2Stream``.
public protocol HTTP2Exchange: AnyObject {
    /// A piece of the body has come.
    func received(_ bytes: ByteBuffer)
    /// The request is whole.
    func requestEnded()
    /// The deadline that the exchange has set has passed.
    func timePassed()
    /// The connection takes on no more requests: what would go on for ever ends now.
    func connectionDrains()
    /// The stream is gone, be it that the answer has left, that the client gave up, or that the connection broke. Told once.
    func closed()
}

extension HTTP2Exchange {
    public func connectionDrains() {}
}

/// What answers the requests of one connection.
public protocol HTTP2Acceptor: AnyObject {
    /// The connection speaks HTTP/2.
    func began(_ connection: HTTP2Connection)
    /// A request's header has come, and is within its limits. Nil: nobody answers it, the stream is refused.
    func begin(_ header: ReceivedHeader, on stream: HTTP2Stream) -> (any HTTP2Exchange)?
    /// A request comes on a connection that rested. False: it has to leave instead.
    func work() -> Bool
    /// The last exchange is over.
    func rest()
    /// Something was told to the connection that HTTP/2 doesn't know.
    func received(event: Any, of connection: HTTP2Connection)
}

extension HTTP2Acceptor {
    public func began(_ connection: HTTP2Connection) {}
}

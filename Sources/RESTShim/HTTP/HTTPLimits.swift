import NIOCore

/// What one HTTP client may cost. Every number is checked before memory is spent on what exceeds it.
public struct HTTPLimits: Sendable {
    /// Bytes of a request body, whether announced or chunked.
    public var bodyByteCount = 1 << 20
    /// Bytes of a request target: path and query.
    public var targetByteCount = 8 << 10
    /// Bytes of one header field, name and value.
    public var headerFieldByteCount = 8 << 10
    /// Bytes of all header fields of a request.
    public var headerListByteCount = 32 << 10
    /// Header fields of a request, trailers included.
    public var headerFieldCount = 100
    /// Connections open at once; more wait in the listener's backlog.
    public var connectionCount = 4096
    /// From connecting to the first request.
    public var firstRequestTimeout = TimeAmount.seconds(10)
    /// From a request's first bytes to the end of its header.
    public var headTimeout = TimeAmount.seconds(10)
    /// From the end of a request's header to the end of its body.
    public var bodyTimeout = TimeAmount.seconds(30)
    /// How long a connection may rest between two requests.
    public var idleTimeout = TimeAmount.seconds(75)
    /// How long a client may leave an answer unread.
    public var writeTimeout = TimeAmount.seconds(30)
    /// How long a connection stays half open after its last answer, so that the client can read it before a reset.
    public var lingerTimeout = TimeAmount.seconds(2)
    /// How long a request is still worked on after its client closed the sending side.
    public var disconnectGrace = TimeAmount.seconds(1)

    public init() {}
}

import HTTP2
import NIOCore

/// What HTTP clients may cost: each by itself, and all together. Every number is checked before memory is spent on what
/// exceeds it.
///
/// A stranger, whose token nobody has looked at yet, can make the server hold a header and one read of the socket for each
/// of his connections: at most ``headerListByteCount`` + ``readByteCount``.
public struct HTTPLimits: Sendable {
    // MARK: One request

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

    // MARK: All together

    /// Connections open at once. One more takes the place of the one that has rested longest.
    public var connectionCount = 4096
    /// Connections of one client address: of an IPv6 network of 64 bits, since one client has all of that.
    public var connectionShare = 1024
    /// Connections beside these, for probes only: they are answered even where nobody rests.
    public var reservedConnectionCount = 64
    /// Bytes of the bodies of all requests, from the header that announces them to the end of the answer.
    public var bodyBudget = 128 << 20
    /// Bytes of one read of a socket.
    public var readByteCount = 16 << 10

    // MARK: Time

    /// From connecting to the first request.
    public var firstRequestTimeout = TimeAmount.seconds(10)
    /// The same for a connection in the reserve.
    public var probeTimeout = TimeAmount.seconds(2)
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

    // MARK: HTTP/2

    /// Requests under way at once on one connection of HTTP/2.
    public var streamCount = 128
    /// Requests that a client may take back within ten seconds, be it by resetting them or by breaking them.
    public var resetCount = 200

    public init() {}

    /// What is the same in HTTP/2, and what it has of its own.
    var http2: HTTP2Limits {
        var limits = HTTP2Limits()
        limits.streamCount = streamCount
        limits.resetCount = resetCount
        limits.headerListByteCount = headerListByteCount
        limits.firstStreamTimeout = firstRequestTimeout
        limits.idleTimeout = idleTimeout
        limits.writeTimeout = writeTimeout
        limits.lingerTimeout = lingerTimeout
        limits.disconnectGrace = disconnectGrace
        return limits
    }

    /// Bytes of the bodies of one address's requests: the part of the budget that it may have of the connections, and room
    /// for one body at least.
    var bodyShare: Int {
        guard connectionShare < connectionCount else { return bodyBudget }
        return max(bodyByteCount, bodyBudget / connectionCount * connectionShare)
    }
}

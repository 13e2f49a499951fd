public import NIOCore

/// What one HTTP/2 connection may cost. Every number is checked before memory is spent on what exceeds it.
public struct HTTP2Limits: Sendable {
    // MARK: Room

    /// Streams open at once.
    public var streamCount = 128
    /// Bytes of all header fields of a request, 32 more for each (RFC 9113, 6.5.2).
    public var headerListByteCount = 32 << 10
    /// Bytes of a stream that may come before more are granted.
    public var streamWindowByteCount = 64 << 10
    /// The same for all streams of the connection.
    public var connectionWindowByteCount = 1 << 20
    /// Bytes of answers that the client leaves unread; beyond it no stream is taken on.
    public var unreadByteCount = 1 << 20

    // MARK: Pace

    /// Streams that a client may reset, or break, within ``paceOfResets``.
    public var resetCount = 200
    public var paceOfResets = TimeAmount.seconds(10)
    /// PINGs, SETTINGS, PRIORITYs, frames of unknown kinds, and WINDOW_UPDATEs beyond those that data explain, within ``paceOfControlFrames``. Some clients measure the line by a PING for each answer.
    public var controlFrameCount = 1000
    public var paceOfControlFrames = TimeAmount.milliseconds(200)
    /// How long a connection isn't read on which more requests than ``streamCount`` came at once.
    public var pause = TimeAmount.milliseconds(1)
    /// DATA frames without a byte, one after another.
    public var emptyDataCount = 10
    /// CONTINUATION frames of one header.
    public var continuationCount = 5

    // MARK: Time

    /// From the beginning of the connection to its first request.
    public var firstStreamTimeout = TimeAmount.seconds(10)
    /// How long a connection may rest between two requests.
    public var idleTimeout = TimeAmount.seconds(75)
    /// How long a client may leave an answer unread.
    public var writeTimeout = TimeAmount.seconds(30)
    /// How long a connection, or a stream, stays half open after its last answer, so that the client can read it.
    public var lingerTimeout = TimeAmount.seconds(2)
    /// How long requests are still worked on after the client closed its sending side.
    public var disconnectGrace = TimeAmount.seconds(1)

    public init() {}
}

import NIOCore

/// What one connection may cost. Every length is held against these before memory is spent on it.
public struct ConnectionLimits: Sendable {
    /// The largest message, either way.
    public var maximumMessageBytes = 4 * 1024 * 1024
    /// The largest set of metadata, either way; at most 65,535.
    public var maximumMetadataBytes = 8 * 1024
    /// Calls in flight, counted until their handler returns.
    public var maximumCallsInFlight = 256
    /// Of them, those that are answered by a stream: they may take long, and stand still while nobody reads.
    public var maximumStreamsInFlight = 32
    /// From the connection's opening to preface and HELLO.
    public var helloTimeout: Duration = .seconds(5)
    /// From a frame's first byte to its last.
    public var frameTimeout: Duration = .seconds(30)
    /// Frames other than calls that may come at once.
    public var controlFrameBurst = 200
    /// Frames other than calls that may come per second in the long run, beside one for each call.
    public var controlFramesPerSecond = 20
    /// Bytes that may wait for a peer that reads slowly, before no more calls are begun: a server reads nothing more from
    /// it, a client lets calls wait.
    public var outboundHighWaterBytes = 1024 * 1024
    /// Bytes of answers to calls begun before that may wait until a server closes the connection.
    public var maximumOutboundBytes = 256 * 1024 * 1024
    /// How long a peer to which more than the high-water mark is to be sent may take for as much, before the connection is closed.
    public var slowReaderTimeout: Duration = .seconds(30)
    /// How long the peer may take to close a connection on which all is said.
    public var closeTimeout: Duration = .seconds(1)

    public init() {}

    /// Room for what this version doesn't know.
    private static let maximumUnknownBytes = 64 * 1024
    private static let maximumControlBytes = 1024

    /// Refuses a header whose lengths are over a limit or contradict each other.
    func check(_ header: FrameHeader) throws(ConnectionFault) {
        let fixedByteCount: Int
        switch header.type {
        case FrameType.request: fixedByteCount = Request.fixedByteCount
        case FrameType.response: fixedByteCount = Response.fixedByteCount
        case FrameType.data: fixedByteCount = 0
        case FrameType.hello, FrameType.window, FrameType.cancel, FrameType.ping, FrameType.pong, FrameType.goAway:
            return try check(header, atMost: ConnectionLimits.maximumControlBytes)
        default:
            return try check(header, atMost: ConnectionLimits.maximumUnknownBytes)
        }
        let metadataLength = Int(header.metadataLength)
        guard metadataLength <= maximumMetadataBytes else {
            throw ConnectionFault(.tooLarge, "metadata is larger than \(maximumMetadataBytes) bytes")
        }
        guard Int(header.length) >= fixedByteCount + metadataLength else {
            throw ConnectionFault(.protocolError, "a frame is shorter than its fields")
        }
        guard Int(header.length) - fixedByteCount - metadataLength <= maximumMessageBytes else {
            throw ConnectionFault(.tooLarge, "a message is larger than \(maximumMessageBytes) bytes")
        }
    }

    private func check(_ header: FrameHeader, atMost limit: Int) throws(ConnectionFault) {
        guard Int(header.length) <= limit else {
            throw ConnectionFault(.tooLarge, "a control frame is larger than \(limit) bytes")
        }
    }

    /// Where a channel stops, and begins again, to be writable.
    var writeBufferWaterMark: ChannelOptions.Types.WriteBufferWaterMark {
        let high = max(2, outboundHighWaterBytes)
        return .init(low: high / 2, high: high)
    }

    func hello(contractFingerprint: UInt64) -> Hello {
        Hello(
            maximumMessageBytes: UInt32(clamping: maximumMessageBytes), maximumMetadataBytes: UInt16(clamping: maximumMetadataBytes),
            maximumCallsInFlight: UInt16(clamping: maximumCallsInFlight), contractFingerprint: contractFingerprint)
    }
}

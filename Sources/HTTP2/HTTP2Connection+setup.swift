public import NIOCore
import NIOHPACK
import NIOHTTP2

extension HTTP2Connection {
    /// Puts what speaks HTTP/2 behind the gate of a connection.
    ///
    /// - Parameter acceptor: made for this connection.
    public static func setUp(
        _ channel: any Channel, behind gate: ProtocolChoice, _ limits: HTTP2Limits, acceptor: any HTTP2Acceptor
    ) throws {
        let farewell = Farewell()
        let http2 = NIOHTTP2Handler(
            mode: .server, frameDelegate: farewell, connectionConfiguration: limits.connection, streamConfiguration: limits.stream)
        let connection = HTTP2Connection(limits, acceptor, gate: gate, farewell: farewell, on: channel.eventLoop)
        // One after the other: the second writes at once.
        try channel.pipeline.syncOperations.addHandler(http2, position: .after(gate))
        try channel.pipeline.syncOperations.addHandler(connection, position: .after(http2))
    }
}

/// Remembers whether GOAWAY was said because of an error.
///
/// `NIOHTTP2Handler` says it itself, and tells only of the error, be it of a stream or of the connection.
final class Farewell: NIOHTTP2FrameDelegate {
    private(set) var isSaidInAnger = false

    func wroteFrame(_ frame: HTTP2Frame) {
        if case .goAway(_, let code, _) = frame.payload, code != .noError { isSaidInAnger = true }
    }
}

extension HTTP2Limits {
    fileprivate var connection: NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: streamCount),
            HTTP2Setting(parameter: .maxHeaderListSize, value: headerListByteCount),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindowByteCount),
        ]
        configuration.maximumSequentialEmptyDataFrames = emptyDataCount
        configuration.maximumSequentialContinuationFrames = continuationCount
        configuration.maximumBufferedControlFrames = unreadControlFrameCount
        // Frames that crossed a reset of ours are passed over, and break nothing.
        configuration.maximumRecentlyResetStreams = resetCount
        configuration.maximumConnectionGlitches = resetCount
        configuration.controlFrameRateLimit.maximumCount = controlFrameCount
        configuration.controlFrameRateLimit.windowLength = paceOfControlFrames
        return configuration
    }

    fileprivate var stream: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.streamResetFrameRateLimit.maximumCount = resetCount
        configuration.streamResetFrameRateLimit.windowLength = paceOfResets
        configuration.streamErrorRateLimit.maximumCount = resetCount
        configuration.streamErrorRateLimit.windowLength = paceOfResets
        return configuration
    }
}

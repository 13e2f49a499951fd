/// Why a stream or a connection ends (RFC 9113, 7).
enum HTTP2ErrorCode: UInt32 {
    case noError = 0
    case protocolError = 1
    case flowControl = 3
    case streamClosed = 5
    case frameSize = 6
    case refusedStream = 7
    case cancel = 8
    case compression = 9
    case enhanceYourCalm = 11
}

/// What the client did wrong, and how far that reaches.
enum HTTP2Fault: Error, Equatable {
    case connection(HTTP2ErrorCode)
    case stream(UInt32, HTTP2ErrorCode)
}

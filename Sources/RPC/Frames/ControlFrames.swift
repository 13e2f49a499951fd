import NIOCore

/// GOAWAY: no new calls on this connection. Calls above `lastStreamID` were not and will not be begun.
struct GoAway: Equatable {
    var lastStreamID: UInt32
    /// How long calls that have begun may still take.
    var graceMilliseconds: UInt32
    var reason: GoAwayReason
    var message: String

    func write(to bytes: inout ByteBuffer) {
        bytes.writeFrame(FrameType.goAway, flags: FrameFlags.critical) { body in
            body.writeMultipleIntegers(lastStreamID, graceMilliseconds, reason.rawValue)
            body.writeText(message.prefix(whoseUTF8Fits: 256))
        }
    }

    init(reading frame: Frame) throws(ConnectionFault) {
        var body = frame.body
        guard let (last, grace, reason) = body.readMultipleIntegers(as: (UInt32, UInt32, UInt32).self),
            let message = body.readText()
        else { throw ConnectionFault(.protocolError, "GOAWAY is malformed") }
        self.init(
            lastStreamID: last, graceMilliseconds: grace, reason: GoAwayReason(rawValue: reason) ?? .protocolError, message: message)
    }

    init(lastStreamID: UInt32, graceMilliseconds: UInt32, reason: GoAwayReason, message: String) {
        self.lastStreamID = lastStreamID
        self.graceMilliseconds = graceMilliseconds
        self.reason = reason
        self.message = message
    }
}

extension ByteBuffer {
    mutating func writeCancel(streamID: UInt32) {
        writeFrame(FrameType.cancel, flags: FrameFlags.critical, streamID: streamID) { _ in }
    }

    mutating func writePing(_ token: UInt64) {
        writeFrame(FrameType.ping) { $0.writeInteger(token) }
    }

    /// Answers a PING with the token that came with it.
    mutating func writePong(to ping: Frame) {
        writeFrame(FrameType.pong) { $0.writeImmutableBuffer(ping.body) }
    }
}

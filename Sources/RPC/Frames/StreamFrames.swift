import NIOCore

extension ByteBuffer {
    /// DATA: one message of a stream.
    mutating func writeData(_ message: FrameMessage, streamID: UInt32) {
        writeFrame(FrameType.data, flags: FrameFlags.critical, streamID: streamID) { message.write(to: &$0) }
    }

    /// WINDOW: so many bytes more may be sent.
    mutating func writeWindow(_ byteCount: UInt32, streamID: UInt32) {
        writeFrame(FrameType.window, flags: FrameFlags.critical, streamID: streamID) { $0.writeInteger(byteCount) }
    }
}

extension Frame {
    /// How much a WINDOW grants: at least one byte.
    func grantedByteCount() throws(ConnectionFault) -> Int {
        guard let byteCount: UInt32 = body.getInteger(at: body.readerIndex), byteCount > 0 else {
            throw ConnectionFault(.protocolError, "WINDOW is malformed")
        }
        return Int(byteCount)
    }
}

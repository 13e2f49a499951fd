import NIOCore
import ProtobufC

/// A RESPONSE that takes shape where it will leave from: behind what is outbound already, with room before the message for the
/// header and what stands at fixed places.
struct ResponseFrame {
    /// What its connection has gathered, and this frame behind it.
    private(set) var outbound: ByteBuffer
    /// The largest message that the caller accepts.
    let maximumMessageBytes: Int
    /// The message that was packed is what the call was answered with.
    var holdsReply = false
    private let start: Int

    init(behind outbound: consuming ByteBuffer, maximumMessageBytes: Int) {
        self.outbound = outbound
        self.maximumMessageBytes = maximumMessageBytes
        start = self.outbound.writerIndex
        self.outbound.writeRepeatingByte(0, count: ResponseFrame.reservedByteCount)
    }

    private static let reservedByteCount = FrameHeader.byteCount + Response.fixedByteCount

    /// The message that was packed.
    var message: ByteBuffer {
        let messageStart = start + ResponseFrame.reservedByteCount
        return outbound.getSlice(at: messageStart, length: outbound.writerIndex - messageStart) ?? ByteBuffer()
    }

    /// Packs the message between header and checksum. False, with nothing done, where the caller would not accept it.
    mutating func pack(_ message: PackedMessage) -> Bool {
        guard message.byteCount <= maximumMessageBytes else { return false }
        message.append(to: &outbound)
        return true
    }

    /// Completes the frame.
    mutating func finish(_ streamID: UInt32, metadata: Metadata) {
        insert(metadata)
        let length = outbound.writerIndex - start - FrameHeader.byteCount
        outbound.setMultipleIntegers(
            UInt32(truncatingIfNeeded: length), FrameType.response, FrameFlags.critical, UInt16(truncatingIfNeeded: metadata.byteCount),
            streamID, UInt32(0), StatusCode.ok.rawValue, UInt8(0), UInt16(0), Response.noPushback, at: start)
        let checksum = Checksum.ofFrame(at: start, in: outbound, bodyLength: length)
        outbound.setInteger(checksum, at: start + FrameHeader.checkedByteCount)
    }

    /// Takes back what was written of the frame.
    mutating func discard() {
        outbound.moveWriterIndex(to: start)
    }

    /// Metadata stands before the message, which moves where there is some. Mostly there is none.
    private mutating func insert(_ metadata: Metadata) {
        guard !metadata.isEmpty else { return }
        let message = ByteBuffer(bytes: self.message.readableBytesView)
        outbound.moveWriterIndex(to: start + ResponseFrame.reservedByteCount)
        outbound.writeImmutableBuffer(metadata.encoded)
        outbound.writeImmutableBuffer(message)
    }
}

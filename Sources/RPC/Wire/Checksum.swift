import CWire
import NIOCore

enum Checksum {
    /// CRC-32C of the frame that begins at `start`: its header up to the checksum, and its payload.
    static func ofFrame(at start: Int, in bytes: ByteBuffer, payloadLength: Int) -> UInt32 {
        bytes.withVeryUnsafeBytes { memory in
            let end = start + FrameHeader.byteCount + payloadLength
            guard start >= 0, payloadLength >= 0, end <= memory.count, let base = memory.baseAddress else { return 0 }
            let header = hms_crc32c(0, base + start, FrameHeader.checkedByteCount)
            return hms_crc32c(header, base + start + FrameHeader.byteCount, payloadLength)
        }
    }
}

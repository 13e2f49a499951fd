import CWire
import NIOCore

/// CRC-32C: tells bytes that came to harm on their way from those that did not.
package enum Checksum {
    package static func of(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { memory in memory.baseAddress.map { hms_crc32c(0, $0, memory.count) } ?? 0 }
    }

    /// CRC-32C of the frame that begins at `start`: its header up to the checksum, and its body.
    static func ofFrame(at start: Int, in bytes: ByteBuffer, bodyLength: Int) -> UInt32 {
        bytes.withVeryUnsafeBytes { memory in
            let end = start + FrameHeader.byteCount + bodyLength
            guard start >= 0, bodyLength >= 0, end <= memory.count, let base = memory.baseAddress else { return 0 }
            let header = hms_crc32c(0, base + start, FrameHeader.checkedByteCount)
            return hms_crc32c(header, base + start + FrameHeader.byteCount, bodyLength)
        }
    }

    /// The CRC-32C of what `checksum` covers, and `bytes` after it.
    static func extended(_ checksum: UInt32, by bytes: ByteBuffer) -> UInt32 {
        bytes.withUnsafeReadableBytes { memory in
            memory.baseAddress.map { hms_crc32c(checksum, $0, memory.count) } ?? checksum
        }
    }
}

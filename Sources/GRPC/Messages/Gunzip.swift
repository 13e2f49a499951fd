import CZlib
import NIOCore

/// Unpacks gzip (RFC 1952).
package enum Gunzip {
    package enum Outcome {
        case unpacked(ByteBuffer)
        case tooLarge
        case malformed
    }

    /// - Parameter limit: more bytes than these are never unpacked, nor is memory taken for them.
    package static func unpack(_ packed: ByteBuffer, limit: Int) -> Outcome {
        var stream = z_stream()
        guard zlib_begin_gunzip(&stream) == Z_OK else { return .malformed }
        defer { inflateEnd(&stream) }
        var unpacked = ByteBuffer()
        return packed.withUnsafeReadableBytes { input in
            // zlib only reads what `next_in` points to; its type is older than `const`.
            stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(input.count)
            while true {
                let step = step(&stream, into: &unpacked, room: min(limit + 1 - unpacked.readableBytes, 64 << 10))
                if unpacked.readableBytes > limit { return .tooLarge }
                switch step {
                case Z_STREAM_END: return stream.avail_in == 0 ? .unpacked(unpacked) : .malformed
                case Z_OK: break
                default: return .malformed
                }
            }
        }
    }

    private static func step(_ stream: inout z_stream, into unpacked: inout ByteBuffer, room: Int) -> Int32 {
        var result = Z_OK
        unpacked.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { output in
            stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
            stream.avail_out = UInt32(room)
            result = inflate(&stream, Z_NO_FLUSH)
            return room - Int(stream.avail_out)
        }
        return result
    }
}

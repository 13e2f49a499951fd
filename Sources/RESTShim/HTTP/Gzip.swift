import CZlib

/// gzip (RFC 1952).
enum Gzip {
    enum Effort: Int32 {
        /// For an answer that is sent once.
        case least = 1
        /// For a document that is compressed once and sent to many.
        case most = 9
    }

    /// Nil where zlib can't, for want of memory.
    static func compress(_ bytes: [UInt8], _ effort: Effort) -> [UInt8]? {
        var stream = z_stream()
        guard zlib_begin_gzip(&stream, effort.rawValue) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        let compressed = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            count = deflate(bytes, into: output, &stream)
        }
        return compressed.isEmpty ? nil : compressed
    }

    /// All in one step, which the bound leaves room for. Answers 0 where it wasn't.
    private static func deflate(_ bytes: [UInt8], into output: UnsafeMutableBufferPointer<UInt8>, _ stream: inout z_stream) -> Int {
        bytes.withUnsafeBufferPointer { input in
            // zlib only reads what `next_in` points to; its type is older than `const`.
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            return CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
        }
    }
}

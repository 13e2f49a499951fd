import NIOCore
import RPC

/// Cuts messages out of the bytes of a stream, wherever its DATA frames were cut: a byte that says whether a message is compressed,
/// four with its length, the message.
struct MessageReader {
    private static let prefixByteCount = 5

    private let limit: Int
    private let isGzip: Bool
    private var bytes = ByteBuffer()

    /// - Parameter limit: bytes of a message, as it came and unpacked.
    init(limit: Int, isGzip: Bool) {
        self.limit = limit
        self.isGzip = isGzip
    }

    /// Bytes that belong to no whole message yet.
    var heldByteCount: Int { bytes.readableBytes }

    mutating func append(_ more: ByteBuffer) {
        if bytes.readableBytes == 0 { bytes = more } else { bytes.writeImmutableBuffer(more) }
    }

    /// The next message; nil until all of it is there.
    mutating func next() throws(RPCError) -> ByteBuffer? {
        guard let (flag, length) = bytes.peekMultipleIntegers(as: (UInt8, UInt32).self) else { return nil }
        guard length <= limit else { throw tooLarge }
        guard flag <= 1 else { throw RPCError(.internal, "MALFORMED_MESSAGE", "a message begins with a byte that is no flag") }
        guard flag == 0 || isGzip else {
            throw RPCError(.internal, "MALFORMED_MESSAGE", "a message is compressed, and the header doesn't say how")
        }
        guard bytes.readableBytes >= Self.prefixByteCount + Int(length) else { return nil }
        bytes.moveReaderIndex(forwardBy: Self.prefixByteCount)
        guard let message = bytes.readSlice(length: Int(length)) else { return nil }
        return flag == 0 ? message : try unpacked(message)
    }

    private func unpacked(_ message: ByteBuffer) throws(RPCError) -> ByteBuffer {
        switch Gunzip.unpack(message, limit: limit) {
        case .unpacked(let message): return message
        case .tooLarge: throw tooLarge
        case .malformed: throw RPCError(.internal, "MALFORMED_MESSAGE", "a message can't be unpacked")
        }
    }

    private var tooLarge: RPCError {
        RPCError(.resourceExhausted, "MESSAGE_TOO_LARGE", "a message has at most \(limit) bytes")
    }
}

extension ByteBuffer {
    /// What it takes as a message, as it travels.
    var messageByteCount: Int { 5 + readableBytes }

    /// Writes a message as it travels.
    mutating func writeMessage(_ message: ByteBuffer) {
        writeMultipleIntegers(UInt8(0), UInt32(truncatingIfNeeded: message.readableBytes))
        writeImmutableBuffer(message)
    }
}

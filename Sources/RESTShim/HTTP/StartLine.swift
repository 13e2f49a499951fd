import NIOCore

/// What is known of a request's first line while it arrives, to tell what the decoder stumbled over: it says no more than
/// that a method isn't one of its own, or that something is too long.
struct StartLine {
    private enum Part {
        case method, target, rest
    }

    private var part = Part.method
    private var methodByteCount = 0
    private var isToken = true
    /// Bytes of the target that have arrived.
    private(set) var targetByteCount = 0

    mutating func note(_ bytes: ByteBuffer) {
        for byte in bytes.readableBytesView {
            switch (part, byte) {
            case (.rest, _): return
            // Empty lines before a request are overlooked (RFC 9112, 2.2).
            case (.method, 0x0D) where methodByteCount == 0, (.method, 0x0A) where methodByteCount == 0: break
            case (_, 0x0A): part = .rest
            case (.method, 0x20): part = .target
            case (.target, 0x20): part = .rest
            case (.method, _):
                methodByteCount += 1
                isToken = isToken && StartLine.isTokenByte(byte)
            case (.target, _): targetByteCount += 1
            }
        }
    }

    /// Whether it begins as a request does: with a method, which is a token (RFC 9110, 5.6.2), and a space.
    var namesMethod: Bool { isToken && methodByteCount > 0 && targetByteCount > 0 }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

import NIOCore

/// A frame as it came (RFC 9113, 4.1).
struct HTTP2Frame {
    static let headerByteCount = 9
    /// The longest that a side has to take, and that we take.
    static let lengthLimit = 16_384

    /// The numbers of the kinds; what isn't among them is passed over.
    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let priority: UInt8 = 2
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let pushPromise: UInt8 = 5
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    enum Flags {
        static let endStream: UInt8 = 0x1
        static let ack: UInt8 = 0x1
        static let endHeaders: UInt8 = 0x4
        static let padded: UInt8 = 0x8
        static let priority: UInt8 = 0x20
    }

    let kind: UInt8
    let flags: UInt8
    let streamID: UInt32
    var payload: ByteBuffer

    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

    /// Takes off what a frame may be padded with.
    mutating func removePadding() throws(HTTP2Fault) {
        guard has(Flags.padded) else { return }
        guard let count = payload.readInteger(as: UInt8.self), Int(count) <= payload.readableBytes,
            let kept = payload.readSlice(length: payload.readableBytes - Int(count))
        else { throw .connection(.protocolError) }
        payload = kept
    }
}

extension ByteBuffer {
    /// - Parameter length: of the payload.
    mutating func writeFrameHeader(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32, length: Int) {
        writeMultipleIntegers(UInt32(truncatingIfNeeded: length) << 8 | UInt32(kind), flags, stream)
    }

    /// Sets the header of a frame whose payload is written.
    mutating func setFrameHeader(_ kind: UInt8, flags: UInt8, stream: UInt32, length: Int, at start: Int) {
        setMultipleIntegers(UInt32(truncatingIfNeeded: length) << 8 | UInt32(kind), flags, stream, at: start)
    }
}

import NIOCore

/// What a frame is for. The numbers stand in Protos/WIRE.md.
enum FrameType {
    static let hello: UInt8 = 1
    static let request: UInt8 = 2
    static let response: UInt8 = 3
    static let data: UInt8 = 4
    static let window: UInt8 = 5
    static let cancel: UInt8 = 6
    static let ping: UInt8 = 7
    static let pong: UInt8 = 8
    static let goAway: UInt8 = 9
}

enum FrameFlags {
    /// Whoever doesn't know the frame's type must close the connection instead of skipping the frame.
    static let critical: UInt8 = 0x80
    /// RESPONSE: the call was refused before any of it was done.
    static let notProcessed: UInt8 = 0x01
    /// REQUEST: the answer is to be a stream of messages.
    static let streamWanted: UInt8 = 0x01
}

/// The sixteen bytes before every frame's body.
struct FrameHeader: Equatable {
    static let byteCount = 16
    /// Bytes of the header that the checksum covers: all but the checksum itself.
    static let checkedByteCount = 12

    /// Bytes of body that follow.
    var length: UInt32
    var type: UInt8
    var flags: UInt8
    /// How many bytes of the body are metadata.
    var metadataLength: UInt16
    var streamID: UInt32
    /// CRC-32C over the first twelve bytes of the header and the body.
    var checksum: UInt32

    /// Reads a header without taking it off; nil where it has not arrived whole.
    static func peek(at bytes: ByteBuffer) -> FrameHeader? {
        guard
            let (length, type, flags, metadataLength, streamID, checksum) =
                bytes.peekMultipleIntegers(as: (UInt32, UInt8, UInt8, UInt16, UInt32, UInt32).self)
        else { return nil }
        return FrameHeader(
            length: length, type: type, flags: flags, metadataLength: metadataLength, streamID: streamID, checksum: checksum)
    }

    var isCritical: Bool {
        flags & FrameFlags.critical != 0
    }
}

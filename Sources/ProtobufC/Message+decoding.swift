public import CProtobufC
import CWire

/// What decoding one message may cost.
public struct DecodingLimits: Sendable {
    /// How much memory libprotobuf-c may take for it. It needs more than the bytes themselves, up to 44 times as much for
    /// bytes made for that purpose.
    public var arenaBytes = 64 * 1024 * 1024

    public init() {}
}

extension Message {
    /// Reads protobuf's binary form. What comes from outside is checked before libprotobuf-c sees it.
    @inlinable
    public init(protobuf bytes: UnsafeRawBufferPointer, limits: DecodingLimits = DecodingLimits()) throws(ProtobufDecodingError) {
        let use = ArenaUse(budget: limits.arenaBytes)
        defer { use.end() }
        let message = try use.arena.decode(bytes, as: Self.descriptor)
        self.init(unpacked: UnsafePointer(OpaquePointer(message)))
    }

    @inlinable
    public init(protobuf bytes: [UInt8], limits: DecodingLimits = DecodingLimits()) throws(ProtobufDecodingError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(ProtobufDecodingError) in try Self(protobuf: bytes, limits: limits) }
        }
        self = try result.get()
    }
}

extension MessageArena {
    /// What is read may point into `bytes`.
    @usableFromInline
    func decode(_ bytes: UnsafeRawBufferPointer, as descriptor: UnsafePointer<ProtobufCMessageDescriptor>)
        throws(ProtobufDecodingError) -> UnsafeMutablePointer<ProtobufCMessage>
    {
        var message: UnsafeMutablePointer<ProtobufCMessage>?
        var failure = hms_decode_failure()
        let status = hms_decode(descriptor, bytes.baseAddress, bytes.count, memory, &message, &failure)
        guard status == HMS_DECODED, let message else {
            throw ProtobufDecodingError(status, failure: failure, reading: descriptor)
        }
        return message
    }
}

import CWire

/// The bytes of the RPC protocol, made by hand so that they can be wrong. Protos/WIRE.md says what they are.
enum RPCFuzzFrame {
    static let hello: UInt8 = 1
    static let request: UInt8 = 2
    static let response: UInt8 = 3
    static let ping: UInt8 = 7
    static let pong: UInt8 = 8
    static let goAway: UInt8 = 9
    static let headerByteCount = 16
    /// Where the metadata of a call begins.
    static let metadataStart = headerByteCount + 40

    private static let critical: UInt8 = 0x80
    private static let checkedByteCount = 12
    private static let requestTimeout: UInt32 = 5000

    /// What a client says first: preface and HELLO.
    static let greeting: [UInt8] =
        [0xF5, 0x52, 0x50, 0x43, 1, 0, 0, 0]
        + frame(hello, payload: bigEndian(UInt32(4 << 20)) + bigEndian(UInt16(8192)) + bigEndian(UInt16(256)) + bigEndian(UInt64(0)))

    /// A call: method, timeout, an empty trace, the token as the only metadata, the message.
    static func call(_ method: UInt64, _ message: [UInt8], token: String, streamID: UInt32) -> [UInt8] {
        let name = Array("authorization".utf8)
        let value = Array("Bearer \(token)".utf8)
        let metadata = [UInt8(name.count)] + name + bigEndian(UInt16(value.count)) + value
        let fixed = bigEndian(method) + bigEndian(requestTimeout) + [UInt8](repeating: 0, count: 28)
        return frame(request, streamID: streamID, metadataLength: UInt16(metadata.count), payload: fixed + metadata + message)
    }

    static func frame(_ type: UInt8, streamID: UInt32 = 0, metadataLength: UInt16 = 0, payload: [UInt8]) -> [UInt8] {
        let flags = type == ping || type == pong ? 0 : critical
        var bytes = bigEndian(UInt32(payload.count)) + [type, flags] + bigEndian(metadataLength) + bigEndian(streamID)
        bytes += [0, 0, 0, 0] + payload
        seal(&bytes)
        return bytes
    }

    /// Gives the frame the checksum of what it holds now.
    static func seal(_ bytes: inout [UInt8]) {
        let checksum = bytes.withUnsafeBytes { memory in
            let header = hms_crc32c(0, memory.baseAddress, checkedByteCount)
            let payload = UnsafeRawBufferPointer(rebasing: memory.dropFirst(headerByteCount))
            return hms_crc32c(header, payload.baseAddress, payload.count)
        }
        bytes.replaceSubrange(checkedByteCount..<headerByteCount, with: bigEndian(checksum))
    }

    static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

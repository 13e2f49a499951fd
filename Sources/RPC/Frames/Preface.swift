import NIOCore

/// The first eight bytes of either side: they tell this protocol from anything else before a length is believed.
struct Preface: Equatable {
    static let byteCount = 8
    static let magic: UInt32 = 0xF552_5043
    static let currentVersion: UInt8 = 1

    var version = Preface.currentVersion

    enum Reading: Equatable {
        case needsMore
        /// Not this protocol, told by the earliest byte that differs.
        case foreign
        case preface(Preface)
    }

    /// Takes a preface off the front of `bytes`; refuses at the first wrong byte.
    static func read(from bytes: inout ByteBuffer) -> Reading {
        for (offset, expected) in magicBytes.enumerated() {
            guard let byte: UInt8 = bytes.getInteger(at: bytes.readerIndex + offset) else { return .needsMore }
            guard byte == expected else { return .foreign }
        }
        guard let (_, version, _, _) = bytes.readMultipleIntegers(as: (UInt32, UInt8, UInt8, UInt16).self) else { return .needsMore }
        return .preface(Preface(version: version))
    }

    func write(to bytes: inout ByteBuffer) {
        bytes.writeMultipleIntegers(Preface.magic, version, UInt8(0), UInt16(0))
    }

    private static let magicBytes: [UInt8] = [0xF5, 0x52, 0x50, 0x43]
}

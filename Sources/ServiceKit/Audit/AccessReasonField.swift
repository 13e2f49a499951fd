import RPC

extension Metadata {
    /// What the caller says in `x-access-reason`, as he means it.
    ///
    /// Many clients have headers of ASCII alone, as those of gRPC are, or of Latin-1, as a browser's. They write other letters as
    /// RFC 8187 has them: `UTF-8''Bewu%C3%9Ftlos`. What begins so and can't be read is taken as it stands: no doctor is kept from a
    /// record because of how he spells.
    var accessReason: String? {
        self[MetadataName.accessReason].map { ExtendedValue.decode($0) ?? $0 }
    }
}

/// A value with its charset and language before it (RFC 8187, 3.2): `UTF-8'de'Bewu%C3%9Ftlos`.
enum ExtendedValue {
    private static let charset = Array("utf-8".utf8)
    private static let quote = UInt8(ascii: "'")

    /// Nil where the text is none, or what it encodes is no UTF-8. Letters that need not be encoded need not be plain either.
    static func decode(_ text: String) -> String? {
        let parts = text.utf8.split(separator: quote, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].map({ $0 | 0x20 }) == Self.charset.map({ $0 | 0x20 }) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts[2].count)
        var rest = parts[2][...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

import CWire

/// When something was asked of whoever knows it, by the cache's clock, and after how many changes: read before the question.
public struct CacheMoment: Hashable, Sendable {
    /// Microseconds since 1970, by the cache's clock.
    let time: Int64
    /// How many changes the cache had been told of.
    let generation: Int64
}

/// What lies in the cache under a key: bytes, when they were asked for, and a checksum over both and the key.
///
/// Whoever reads it judges its age himself, by the cache's clock: an entry that is stored late is no younger for it.
struct CacheEntry: Hashable, Sendable {
    let moment: CacheMoment
    let bytes: [UInt8]

    private static let headerByteCount = 20

    init(_ bytes: [UInt8], at moment: CacheMoment) {
        self.moment = moment
        self.bytes = bytes
    }

    /// Nil where the bytes are no entry of this key.
    init?(stored: [UInt8], for key: CacheKey) {
        guard stored.count >= Self.headerByteCount, Self.checksum(stored[4...], key) == UInt32(truncatingIfNeeded: stored.number(at: 0, 4))
        else { return nil }
        moment = CacheMoment(time: stored.number(at: 4, 8), generation: stored.number(at: 12, 8))
        bytes = Array(stored[Self.headerByteCount...])
        guard moment.time >= 0 else { return nil }
    }

    func stored(for key: CacheKey) -> [UInt8] {
        let checked = moment.time.bigEndianBytes + moment.generation.bigEndianBytes + bytes
        return Int64(Self.checksum(checked[...], key)).bigEndianBytes.suffix(4) + checked
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>, _ key: CacheKey) -> UInt32 {
        var text = key.text
        let seed = text.withUTF8 { hms_crc32c(0, $0.baseAddress, $0.count) }
        return bytes.withUnsafeBytes { hms_crc32c(seed, $0.baseAddress, $0.count) }
    }
}

extension [UInt8] {
    /// Big-endian.
    fileprivate func number(at start: Int, _ count: Int) -> Int64 {
        self[start..<start + count].reduce(0) { $0 << 8 | Int64($1) }
    }
}

extension Int64 {
    fileprivate var bigEndianBytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) }
    }
}

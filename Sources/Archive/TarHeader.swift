/// The header of one regular file in a tar archive (POSIX ustar).
struct TarHeader: Hashable {
    static let blockBytes = 512
    static let maxPathBytes = 100
    /// Eleven octal digits: 8 GiB.
    static let maxFileBytes: Int64 = 1 << 33 - 1

    var path: String
    var bytes: Int64

    /// How many zeros follow the file, so that the next header starts a block.
    var padding: Int { Int((Int64(Self.blockBytes) - bytes % Int64(Self.blockBytes)) % Int64(Self.blockBytes)) }

    var zeros: [UInt8] { [UInt8](repeating: 0, count: padding) }

    init(path: String, bytes: Int64) throws(ArchiveError) {
        guard path.utf8.count <= Self.maxPathBytes else { throw .unsound("the path \(path) is longer than 100 bytes") }
        guard bytes <= Self.maxFileBytes else { throw .unsound("\(path) is longer than 8 GiB, which the format can't say") }
        self.path = path
        self.bytes = bytes
    }

    /// Nil for the block of zeros that ends an archive.
    init?(block: [UInt8]) throws(ArchiveError) {
        guard block.contains(where: { $0 != 0 }) else { return nil }
        guard try Self.octal(block[148..<156]) == Self.sum(of: block) else { throw .unsound("it is no tar archive, or is damaged") }
        guard block[156] == UInt8(ascii: "0") || block[156] == 0 else { throw .unsound("it holds what is no regular file") }
        path = String(decoding: block[0..<100].prefix { $0 != 0 }, as: UTF8.self)
        bytes = try Self.octal(block[124..<136])
    }

    var block: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockBytes)
        func put(_ text: String, at place: Int) { block.replaceSubrange(place..<place + text.utf8.count, with: text.utf8) }
        put(path, at: 0)
        put("0000600", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.digits(bytes, 11), at: 124)
        put("00000000000", at: 136)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(Self.digits(Self.sum(of: block), 6) + "\u{0} ", at: 148)
        return block
    }

    /// The checksum counts its own place as spaces.
    private static func sum(of block: [UInt8]) -> Int64 {
        block.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int64($1.element)) }
    }

    private static func digits(_ number: Int64, _ count: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    private static func octal(_ field: ArraySlice<UInt8>) throws(ArchiveError) -> Int64 {
        let text = String(decoding: field.prefix { $0 != 0 && $0 != 32 }, as: UTF8.self)
        guard let number = Int64(text, radix: 8), number >= 0 else { throw .unsound("it is no tar archive, or is damaged") }
        return number
    }
}

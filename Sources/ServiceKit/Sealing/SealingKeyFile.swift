import FoundationEssentials

/// The keys that close secrets which services keep in their databases, in a file of their owner beside these. The newest closes, all open:
/// what lies in an older database, as in a backup, is still closed by an older one.
public struct SealingKeyFile: Sendable {
    struct Key: Codable, Hashable, Sendable {
        let id: String
        let bytes: Data
        /// Seconds since 1970.
        let madeAt: Double

        private enum CodingKeys: String, CodingKey {
            case id
            case bytes = "key"
            case madeAt = "made_at"
        }
    }

    private struct Content: Codable {
        var keys: [Key]
    }

    public let path: String

    static let keyBytes = 32
    private static let limitBytes = 1 << 20

    public init(_ path: String) {
        self.path = path
    }

    /// The newest first; none where there is no file.
    ///
    /// - Throws: ``FileError`` where it can't be read, or holds no keys of ours.
    func read() throws -> [Key] {
        guard FileStamp(path: path) != nil else { return [] }
        let bytes = try LocalFile.read(path, atMost: Self.limitBytes)
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)), !content.keys.isEmpty,
            content.keys.allSatisfy({ $0.bytes.count == Self.keyBytes && !$0.id.isEmpty && !$0.id.contains(":") })
        else { throw FileError(path, "is no list of sealing keys") }
        return content.keys
    }

    /// Makes a first key where there is none.
    ///
    /// - Throws: ``FileError``.
    public func findOrMake() throws {
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        try FileLock.hold(for: path) {
            if try read().isEmpty { try write([Self.make()]) }
        }
    }

    /// Makes a key that closes from now on. Those of before stay, to open what they have closed.
    ///
    /// - Throws: ``FileError``.
    public func rotate() throws {
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        try FileLock.hold(for: path) { try write([Self.make()] + (try read())) }
    }

    private func write(_ keys: [Key]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try LocalFile.write(Array(try encoder.encode(Content(keys: keys))), to: path, mode: 0o600)
    }

    private static func make() -> Key {
        func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
        return Key(
            id: Base64URL.encode(random(6)), bytes: Data(random(keyBytes)), madeAt: Double(SystemTime.millisecondsSinceEpoch()) / 1_000)
    }
}

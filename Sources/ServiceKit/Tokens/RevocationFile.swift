import FoundationEssentials
import Logging

/// The file of ``RevokedTokens``, which is read again when it changes. No file is as good as an empty one.
struct RevocationFile: Sendable {
    let path: String
    private(set) var tokens: RevokedTokens
    /// Nil where there was no file, or it had only just changed.
    private var stamp: FileStamp?

    /// - Throws: ``FileError`` where the file can't be read, or is none of these.
    init(path: String) throws {
        self.path = path
        stamp = FileStamp.settled(path: path)
        tokens = FileStamp(path: path) == nil ? RevokedTokens() : try Self.read(path)
    }

    /// The file as it is now; nil where it has not changed or can't be used: then the last good one holds. One that has vanished
    /// revokes no less than before.
    func readAgain(logger: Logger) -> RevocationFile? {
        let current = FileStamp(path: path)
        guard current != nil, stamp == nil || current != stamp else { return nil }
        do {
            return try RevocationFile(path: path)
        } catch {
            logger.error("The list of revoked tokens cannot be read; the last good one holds", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private static func read(_ path: String) throws -> RevokedTokens {
        let bytes = try LocalFile.read(path, atMost: 16 << 20)
        guard let tokens = try? JSONDecoder().decode(RevokedTokens.self, from: Data(bytes)) else {
            throw FileError(path, "is no list of revoked tokens")
        }
        return tokens
    }

    mutating func change(_ body: (inout RevokedTokens) -> Void) {
        body(&tokens)
    }

    func save() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try LocalFile.write(Array(try encoder.encode(tokens)), to: path, mode: 0o644)
    }
}

/// Refuses from now on every token of somebody that was issued until now.
public enum TokenRevocation {
    /// The longest that a token of the hospital's own key is good for, in seconds.
    private static let longestLifetime = 365 * 86_400.0

    /// - Parameter subject: whose: `sub` of his tokens.
    /// - Throws: ``FileError``.
    public static func revoke(subject: String, _ identity: IdentityConfiguration) throws {
        try revoke(subject: subject, identity, at: Double(SystemTime.millisecondsSinceEpoch()) / 1_000)
    }

    static func revoke(subject: String, _ identity: IdentityConfiguration, at now: Double) throws {
        let path = identity.revocationFile
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        // Who revokes somebody else's at the same time must not write this one away.
        try FileLock.hold(for: path) {
            var file = try RevocationFile(path: path)
            file.change { tokens in
                tokens.revoke(subject: subject, at: now)
                tokens.forget(before: now - longestLifetime)
            }
            try file.save()
        }
    }
}

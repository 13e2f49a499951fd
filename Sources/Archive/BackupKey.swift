import Crypto
import Foundation

/// The keys of backups: whoever has the public one can make an archive that only the private one opens. X25519.
public struct BackupKey: Sendable {
    private static let privateWord = "hms-backup-private-key-1"
    private static let publicWord = "hms-backup-public-key-1"

    let secret: Curve25519.KeyAgreement.PrivateKey
    public var publicKey: BackupPublicKey { BackupPublicKey(key: secret.publicKey) }

    public static func make() -> BackupKey { BackupKey(secret: Curve25519.KeyAgreement.PrivateKey()) }

    /// Writes both keys into new files: the private one for its owner's eyes only.
    ///
    /// - Throws: ``ArchiveError/keyExists(_:)`` where there is one already, for an old key opens old archives.
    public func write(private privatePath: String, public publicPath: String) throws {
        for path in [privatePath, publicPath] where FileManager.default.fileExists(atPath: path) { throw ArchiveError.keyExists(path) }
        try Self.write(Self.privateWord, secret.rawRepresentation, to: privatePath)
        try Self.write(Self.publicWord, secret.publicKey.rawRepresentation, to: publicPath)
    }

    public static func readPrivate(_ path: String) throws -> BackupKey {
        BackupKey(secret: try read(privateWord, path) { try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0) })
    }

    public static func readPublic(_ path: String) throws -> BackupPublicKey {
        BackupPublicKey(key: try read(publicWord, path) { try Curve25519.KeyAgreement.PublicKey(rawRepresentation: $0) })
    }

    private static func write(_ word: String, _ key: Data, to path: String) throws {
        let file = try SystemFile(creating: path)
        try file.write(Array("\(word) \(key.base64EncodedString())\n".utf8))
        try file.finish()
        try SystemFile.flushFolder(SystemFile.folder(of: path))
    }

    private static func read<Key>(_ word: String, _ path: String, _ make: (Data) throws -> Key) throws -> Key {
        let text = String(decoding: try SystemFile(reading: path).read(upTo: 1024), as: UTF8.self)
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, parts[0] == word, let bytes = Data(base64Encoded: String(parts[1])), let key = try? make(bytes) else {
            throw ArchiveError.noKey(path: path, wanted: word)
        }
        return key
    }
}

/// What an archive is encrypted to.
public struct BackupPublicKey: Sendable {
    let key: Curve25519.KeyAgreement.PublicKey
}

import Crypto
import Foundation
import ServiceKit
import Synchronization

/// Closes what lies in a cache (ChaCha20-Poly1305), so that nobody who has the cache alone reads it, changes it, makes one, or puts one in
/// the place of another. The key comes of the one that signs tokens: a new one of those ends what was closed with the old.
final class SessionSeal: Sendable {
    private struct State {
        var key: SymmetricKey?
        var stamp: FileStamp?
        var lookAgainAt: ContinuousClock.Instant?
    }

    private let path: String
    private let state = Mutex(State())

    init(_ identity: IdentityConfiguration) {
        path = identity.signingKeyFile
    }

    /// - Parameter place: where it is to lie, and nowhere else.
    /// - Throws: ``FileError`` where there is no key.
    func close(_ record: some Encodable, for place: String) throws -> [UInt8] {
        let sealed = try ChaChaPoly.seal(JSONEncoder().encode(record), using: key(), authenticating: Data(place.utf8))
        return Array(sealed.combined)
    }

    /// Nil where it is none of ours, or not of this place.
    ///
    /// - Throws: ``FileError`` where there is no key.
    func open<Record: Decodable>(_ bytes: [UInt8], of place: String, as type: Record.Type) throws -> Record? {
        let key = try key()
        guard let box = try? ChaChaPoly.SealedBox(combined: Data(bytes)),
            let plain = try? ChaChaPoly.open(box, using: key, authenticating: Data(place.utf8))
        else { return nil }
        return try? JSONDecoder().decode(type, from: plain)
    }

    /// The file is looked at once a second at most.
    private func key() throws -> SymmetricKey {
        try state.withLock { state in
            let now = ContinuousClock.now
            if let key = state.key, let end = state.lookAgainAt, now < end { return key }
            let stamp = FileStamp.settled(path: path)
            if let key = state.key, stamp != nil, stamp == state.stamp {
                state.lookAgainAt = now + .seconds(1)
                return key
            }
            let key = SymmetricKey(data: try SigningKey(pemFile: path).derivedKey(for: "hms sessions 1"))
            state = State(key: key, stamp: stamp, lookAgainAt: now + .seconds(1))
            return key
        }
    }
}

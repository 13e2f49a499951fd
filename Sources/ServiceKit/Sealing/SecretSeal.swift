import Crypto
import FoundationEssentials
import Synchronization

/// Why a secret can't be opened.
public enum SealError: Error, Hashable, CustomStringConvertible {
    /// The key that has closed it is not in the file.
    case noKey(id: String, file: String)
    /// It is none of ours, was changed, or lay in another place.
    case damaged

    public var description: String {
        switch self {
        case .noKey(let id, let file):
            "a secret is closed by the key \(id), which is not in \(file): put the file back that was there, as out of a backup"
        case .damaged: "a secret is damaged, or lies in another place than it was closed for"
        }
    }
}

/// Closes secrets that have to be kept in a database (AES-256-GCM), so that whoever has that alone, or a copy of it, doesn't read them. Each
/// is closed for its place: in another one it opens as nothing.
public final class SecretSeal: Sendable {
    private struct State {
        var keys: [SealingKeyFile.Key] = []
        var stamp: FileStamp?
        var lookAgainAt: ContinuousClock.Instant?
    }

    private let file: SealingKeyFile
    private let settling: Duration
    private let state = Mutex(State())

    private static let mark = "1"

    /// - Parameter settling: a new key closes only once its file has lain there for so long, and until then the one of before does. For what
    ///   processes read of each other that are handed new keys one after the other.
    public init(_ file: SealingKeyFile, settling: Duration = .zero) {
        self.file = file
        self.settling = settling
    }

    /// Whether there is a key to close with.
    ///
    /// - Throws: ``FileError`` where the file can't be read.
    public func hasKey() throws -> Bool { try !keys().isEmpty }

    /// Nil where there is no key.
    ///
    /// - Throws: ``FileError``.
    public func close(_ secret: some Sequence<UInt8>, for place: String) throws -> String? {
        guard let key = try closingKey() else { return nil }
        let box = try AES.GCM.seal(Data(secret), using: SymmetricKey(data: key.bytes), authenticating: Data(place.utf8))
        // Its nonce has the length that is usual, so it has this form.
        guard let combined = box.combined else { return nil }
        return "\(Self.mark):\(key.id):\(Base64URL.encode(combined))"
    }

    /// - Throws: ``SealError``, ``FileError``.
    public func open(_ sealed: String, of place: String) throws -> [UInt8] {
        guard let (id, bytes) = Self.parts(of: sealed) else { throw SealError.damaged }
        guard let key = try keys().first(where: { $0.id == id }) else { throw SealError.noKey(id: id, file: file.path) }
        guard let box = try? AES.GCM.SealedBox(combined: bytes),
            let secret = try? AES.GCM.open(box, using: SymmetricKey(data: key.bytes), authenticating: Data(place.utf8))
        else { throw SealError.damaged }
        return Array(secret)
    }

    /// Whether the key has closed it that closes now: the newest, once it has settled.
    ///
    /// - Throws: ``FileError``.
    public func isCurrent(_ sealed: String) throws -> Bool {
        guard let current = try closingKey() else { return false }
        return Self.parts(of: sealed)?.id == current.id
    }

    private func closingKey() throws -> SealingKeyFile.Key? {
        let keys = try keys()
        guard settling > .zero, keys.count > 1, let age = FileStamp(path: file.path)?.age, age < settling else { return keys.first }
        return keys[1]
    }

    private static func parts(of sealed: String) -> (id: String, bytes: Data)? {
        let parts = sealed.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == mark, let bytes = Base64URL.decode(parts[2].utf8) else { return nil }
        return (String(parts[1]), Data(bytes))
    }

    /// The file is looked at once a second at most.
    private func keys() throws -> [SealingKeyFile.Key] {
        try state.withLock { state in
            let now = ContinuousClock.now
            if let end = state.lookAgainAt, now < end { return state.keys }
            let settled = FileStamp.settled(path: file.path)
            if settled == nil || settled != state.stamp {
                state.keys = try file.read()
                state.stamp = settled
            }
            state.lookAgainAt = now + .seconds(1)
            return state.keys
        }
    }
}

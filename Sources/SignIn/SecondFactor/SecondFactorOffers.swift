import Foundation
public import ServiceKit

/// A secret that somebody has been shown for his app, and has not proved yet that it is there.
public struct SecondFactorOffer: Hashable, Sendable {
    /// `otpauth://…`
    public let link: String
    /// The secret alone, to be typed: letters and digits, RFC 4648.
    public let key: String
    /// The same as it lies in his browser's form meanwhile. Nobody but us makes or reads one.
    public let sealed: String
    let secret: Data
}

/// Secrets that were shown and not proved yet. They are kept by the browsers that were shown them, closed by a key that comes of the one that
/// signs tokens, so that every shim takes back what another has given. One is good for ten minutes, for the user it was made for, and until
/// his password or his second factor changes.
public struct SecondFactorOffers: Sendable {
    private struct Record: Codable {
        let secret: Data
        /// Seconds since 1970.
        let until: Double
    }

    private let seal: SessionSeal
    private static let lifetime = 600.0

    public init(_ identity: IdentityConfiguration) {
        seal = SessionSeal(identity)
    }

    /// Nil for somebody who has no password here.
    ///
    /// - Throws: ``FileError`` where there is no key to close it with.
    public func make(for person: SignedInPerson) throws -> SecondFactorOffer? {
        guard let place = Self.place(of: person) else { return nil }
        let secret = SecondFactor.newSecret()
        let sealed = try seal.close(Record(secret: secret, until: UserFile.now() + Self.lifetime), for: place)
        return offer(secret, to: person, Base64URL.encode(sealed))
    }

    /// What he was offered; nil where that is none of ours, not his, or not good any more.
    ///
    /// - Throws: ``FileError`` where there is no key to open it with.
    public func open(_ sealed: String, of person: SignedInPerson) throws -> SecondFactorOffer? {
        guard let place = Self.place(of: person), let bytes = Base64URL.decode(sealed.utf8),
            let record = try seal.open(bytes, of: place, as: Record.self), record.until > UserFile.now()
        else { return nil }
        return offer(record.secret, to: person, sealed)
    }

    private func offer(_ secret: Data, to person: SignedInPerson, _ sealed: String) -> SecondFactorOffer? {
        person.userName.map { name in
            SecondFactorOffer(
                link: SecondFactor.link(secret, of: name), key: Base32.encode(Array(secret)), sealed: sealed, secret: secret)
        }
    }

    private static func place(of person: SignedInPerson) -> String? {
        guard let name = person.userName, let revision = person.revision else { return nil }
        return "second factor of \(name) \(revision)"
    }
}

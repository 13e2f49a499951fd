import FoundationEssentials
import Logging

/// One public key and the only algorithm that it is used with. The key decides the algorithm, never the token.
struct VerificationKey: Sendable {
    let id: String?
    let publicKey: PublicKey
    let scope: KeyScope
    /// From when on it verifies nothing, in seconds since 1970.
    let until: Double
}

/// The keys of a JSON Web Key Set (RFC 7517) that can verify tokens: Ed25519, P-256, and RSA of at least 2048 bits.
struct VerificationKeys: Sendable {
    private let keys: [VerificationKey]

    var count: Int { keys.count }

    static let none = VerificationKeys([])

    private init(_ keys: [VerificationKey]) {
        self.keys = keys
    }

    /// These and others, of which none can take the place of one of these.
    func adding(_ others: VerificationKeys) -> VerificationKeys {
        let names = Set(keys.compactMap(\.id))
        return VerificationKeys(keys + others.keys.filter { key in key.id.map { !names.contains($0) } ?? true })
    }

    /// Keys of other kinds, such as symmetric ones, and services' keys that don't say whose they are, are left out; `logger`
    /// says so. Where the keys of people are expected, none speaks for a service, whatever it says of itself.
    init(jwks bytes: [UInt8], of content: KeySetFile.Content, logger: Logger) throws {
        let set = try JSONDecoder().decode(JSONWebKeySet.self, from: Data(bytes))
        var keys: [VerificationKey] = []
        for entry in set.keys {
            if let key = entry.key, let scope = Self.scope(of: key, in: content), let publicKey = key.publicKey {
                keys.append(VerificationKey(id: key.kid, publicKey: publicKey, scope: scope, until: key.until ?? .infinity))
            } else {
                logger.warning("A key of the key set is left out: it is not an Ed25519, P-256 or RSA signature key, or nobody's")
            }
        }
        self.keys = keys
    }

    private static func scope(of key: JSONWebKey, in content: KeySetFile.Content) -> KeyScope? {
        switch content {
        case .people: .people
        case .services: key.service.map(KeyScope.service)
        }
    }

    /// The key that a token's header names; where it names none, the only key of its algorithm.
    func key(id: String?, algorithm: String) throws(TokenRefusal) -> VerificationKey {
        let candidates = keys.filter { id == nil ? $0.publicKey.algorithm == algorithm : $0.id == id }
        guard let key = candidates.first, candidates.count == 1 else { throw .unknownKey }
        guard key.publicKey.algorithm == algorithm else { throw .wrongAlgorithm }
        return key
    }
}

import FoundationEssentials
import JWTKit
import Logging

/// One public key and the only algorithm that it is used with. The key decides the algorithm, never the token.
struct VerificationKey: Sendable {
    let id: String?
    let algorithmName: String
    let algorithm: any JWTAlgorithm
    let scope: KeyScope
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
    init(jwks bytes: [UInt8], of content: KeySetFile.Content, logger: Logger) async throws {
        let set = try JSONDecoder().decode(KeySet.self, from: Data(bytes))
        var keys: [VerificationKey] = []
        for entry in set.keys {
            if let scope = Self.scope(of: entry, in: content), let key = await Self.key(entry, scope) {
                keys.append(key)
            } else {
                logger.warning("A key of the key set is left out: it is not an Ed25519, P-256 or RSA signature key, or nobody's")
            }
        }
        self.keys = keys
    }

    private static func scope(of entry: KeySet.Entry, in content: KeySetFile.Content) -> KeyScope? {
        switch content {
        case .people: .people
        case .services: entry.service.map(KeyScope.service)
        }
    }

    /// The key that a token's header names; where it names none, the only key of its algorithm.
    func key(id: String?, algorithm: String) throws(TokenRefusal) -> VerificationKey {
        let candidates = keys.filter { id == nil ? $0.algorithmName == algorithm : $0.id == id }
        guard let key = candidates.first, candidates.count == 1 else { throw .unknownKey }
        guard key.algorithmName == algorithm else { throw .wrongAlgorithm }
        return key
    }

    private static func key(_ entry: KeySet.Entry, _ scope: KeyScope) async -> VerificationKey? {
        guard var jwk = entry.key, entry.use ?? "sig" == "sig", let algorithm = algorithm(of: jwk) else { return nil }
        guard jwk.algorithm == nil || jwk.algorithm == algorithm else { return nil }
        let id = jwk.keyIdentifier
        let name = id ?? JWKIdentifier(string: "unnamed")
        jwk.algorithm = algorithm
        jwk.keyIdentifier = name
        guard let keys = try? await JWTKeyCollection().add(jwk: jwk),
            let verifier = try? await keys.getKey(for: name, alg: algorithm.rawValue)
        else { return nil }
        return VerificationKey(id: id?.string, algorithmName: algorithm.rawValue, algorithm: verifier, scope: scope)
    }

    private static func algorithm(of key: JWK) -> JWK.Algorithm? {
        switch key.keyType {
        case .octetKeyPair where key.curve?.rawValue == "Ed25519": .eddsa
        case .ecdsa where key.curve?.rawValue == "P-256": .es256
        case .rsa where (key.modulus?.utf8.count ?? 0) * 6 >= 2_048: .rs256
        default: nil
        }
    }

    private struct KeySet: Decodable {
        let keys: [Entry]

        /// A key that may be of a kind that is not known here.
        struct Entry: Decodable {
            let key: JWK?
            let use: String?
            /// Whose key it is, in a set of services' keys.
            let service: String?

            init(from decoder: any Decoder) throws {
                key = try? JWK(from: decoder)
                let members = try? decoder.container(keyedBy: CodingKeys.self)
                use = try? members?.decodeIfPresent(String.self, forKey: .use)
                service = try? members?.decodeIfPresent(String.self, forKey: .service)
            }

            private enum CodingKeys: String, CodingKey {
                case use
                case service = "hms_service"
            }
        }
    }
}

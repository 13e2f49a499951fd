import Crypto
import CryptoExtras

/// One entry of a JSON Web Key Set (RFC 7517 §4), as far as it matters. It may be of a kind that is not known here.
struct JSONWebKey: Codable {
    let kty: String
    let crv: String?
    let alg: String?
    let use: String?
    let kid: String?
    let x: String?
    let y: String?
    let n: String?
    let e: String?
    /// Whose key it is, in a set of services' keys.
    let service: String?
    /// From when on it verifies nothing, in seconds since 1970; nil: it has no end.
    var until: Double?

    private enum CodingKeys: String, CodingKey {
        case kty, crv, alg, use, kid, x, y, n, e
        case service = "hms_service"
        case until = "hms_until"
    }

    /// The key, where it verifies signatures by the only algorithm that its kind is used with.
    var publicKey: PublicKey? {
        guard use ?? "sig" == "sig", let key = try? readKey(), alg ?? key.algorithm == key.algorithm else { return nil }
        return key
    }

    private func readKey() throws -> PublicKey? {
        switch (kty, crv) {
        case ("OKP", "Ed25519"):
            guard let x = bytes(x) else { return nil }
            return .ed25519(try Curve25519.Signing.PublicKey(rawRepresentation: x))
        case ("EC", "P-256"):
            guard let x = bytes(x), let y = bytes(y), x.count == 32 else { return nil }
            return .p256(try P256.Signing.PublicKey(rawRepresentation: x + y))
        case ("RSA", _):
            guard let n = bytes(n), let e = bytes(e) else { return nil }
            return .rsa(try _RSA.Signing.PublicKey(n: n, e: e))
        default:
            return nil
        }
    }

    private func bytes(_ text: String?) -> [UInt8]? {
        text.flatMap { Base64URL.decode($0.utf8) }
    }
}

/// A JSON Web Key Set (RFC 7517 §5). An entry that is no key spoils none of the others.
struct JSONWebKeySet: Decodable {
    let keys: [Entry]

    struct Entry: Decodable {
        let key: JSONWebKey?

        init(from decoder: any Decoder) {
            key = try? JSONWebKey(from: decoder)
        }
    }
}

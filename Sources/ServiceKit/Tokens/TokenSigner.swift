import Crypto
import FoundationEssentials

/// Signs tokens with the hospital's own key.
public struct TokenSigner: Sendable {
    private let key: SigningKey
    private let issuer: String
    private let audience: String

    public init(key: SigningKey, _ identity: IdentityConfiguration) {
        self.key = key
        issuer = identity.issuer
        audience = identity.audience
    }

    /// A token that says for `lifetime` from now that its bearer is `subject` in `role`.
    public func sign(subject: String, role: CallerRole, lifetime: Duration) throws -> String {
        try sign(subject: subject, role: role, lifetime: lifetime, issuedAt: Double(SystemTime.millisecondsSinceEpoch() / 1_000))
    }

    /// The same for somebody who has been known for longer.
    ///
    /// - Parameter issuedAt: since when, in seconds since 1970. Who is revoked after that is refused.
    package func sign(subject: String, role: CallerRole, lifetime: Duration, issuedAt: Double) throws -> String {
        let expiry = Double(SystemTime.millisecondsSinceEpoch() / 1_000) + Double(lifetime.components.seconds)
        return try sign(
            TokenClaims(iss: issuer, sub: subject, aud: .init(audience), exp: expiry, nbf: nil, iat: issuedAt, role: role.rawValue))
    }

    /// Signs any claims at all.
    func sign(_ claims: TokenClaims) throws -> String {
        let header = TokenHeader(typ: "JWT", alg: "EdDSA", kid: key.id)
        let signed = try [JSONEncoder().encode(header), JSONEncoder().encode(claims)].map { Base64URL.encode($0) }.joined(separator: ".")
        return "\(signed).\(Base64URL.encode(try key.key.signature(for: Data(signed.utf8))))"
    }
}

import JWTKit

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
    public func sign(subject: String, role: CallerRole, lifetime: Duration) async throws -> String {
        let now = Double(SystemTime.millisecondsSinceEpoch() / 1_000)
        let expiry = now + Double(lifetime.components.seconds)
        return try await sign(
            TokenClaims(iss: issuer, sub: subject, aud: .init(audience), exp: expiry, nbf: nil, iat: now, role: role.rawValue))
    }

    /// Signs any claims at all.
    func sign(_ claims: TokenClaims) async throws -> String {
        let id = JWKIdentifier(string: key.id)
        return try await JWTKeyCollection().add(eddsa: key.key, kid: id).sign(claims, kid: id)
    }
}

import RPC

/// The header of a token (RFC 7515 §4.1), as far as it matters.
struct TokenHeader: Codable {
    var typ: String?
    let alg: String
    var kid: String?
    var crit: [String]?
}

/// The claims of a token (RFC 7519 §4.1) that are looked at.
struct TokenClaims: Codable, Sendable {
    var iss: String?
    var sub: String?
    var aud: Audience?
    /// Seconds since 1970.
    var exp: Double?
    var nbf: Double?
    var iat: Double?
    var role: String?

    /// One name, or a list of them.
    struct Audience: Codable, Sendable {
        let names: [String]

        init(_ name: String) {
            names = [name]
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            names = try (try? [container.decode(String.self)]) ?? container.decode([String].self)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let name = names.first, names.count == 1 {
                try container.encode(name)
            } else {
                try container.encode(names)
            }
        }
    }

    /// How far the clock of who issues tokens may be ahead of this one, in seconds, where the leeway allows no more.
    private static let clockDifference = 30.0

    /// Who the claims say calls, and until when. `scope` is that of the key that signed them.
    ///
    /// `now` is in seconds since 1970, `leeway` in seconds.
    func verified(
        by key: VerificationKey, unless revoked: RevokedTokens, issuer: String, audience: String, now: Double, leeway: Double
    ) throws(TokenRefusal) -> VerifiedToken {
        guard iss == issuer else { throw .wrongIssuer }
        guard aud?.names.contains(audience) == true else { throw .wrongAudience }
        guard let exp, exp.isFinite, now < exp + leeway else { throw .expired }
        if let nbf, !(now >= nbf - leeway) { throw .notYetValid }
        // Else nothing that is revoked today would be told from it.
        if let iat, !(iat <= now + max(leeway, Self.clockDifference)) { throw .notYetValid }
        // Who has done something is stored, and no database of texts takes the character NUL.
        guard let sub, !sub.isEmpty, sub.utf8.count <= 255, !sub.utf8.contains(0) else { throw .missingSubject }
        guard let role = role.flatMap(CallerRole.init(rawValue:)) else { throw .unknownRole }
        guard key.scope.covers(subject: sub, role: role) else { throw .wrongScope }
        guard !revoked.contains(subject: sub, issuedAt: iat) else { throw .revoked }
        return VerifiedToken(principal: Principal(subject: sub, role: role.set), validUntil: min(exp + leeway, key.until))
    }
}

/// A token whose signature and claims have been checked.
struct VerifiedToken: Sendable {
    let principal: Principal
    /// Seconds since 1970.
    let validUntil: Double
}

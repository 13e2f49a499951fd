import Foundation

/// What a provider says of itself (OpenID Connect Discovery 1.0, 3), as far as it matters.
struct ProviderDocument: Decodable, Hashable, Sendable {
    let issuer: String
    let authorization: String
    let token: String
    let keys: String
    let tokenAuthentication: [String]?

    private enum CodingKeys: String, CodingKey {
        case issuer
        case authorization = "authorization_endpoint"
        case token = "token_endpoint"
        case keys = "jwks_uri"
        case tokenAuthentication = "token_endpoint_auth_methods_supported"
    }

    /// The document of the provider that is configured.
    ///
    /// - Throws: ``ProviderRefusal`` where it speaks of another, or sends people or secrets over a plain connection that the issuer's isn't.
    init(_ bytes: [UInt8], of issuer: String) throws(ProviderRefusal) {
        guard let document = try? JSONDecoder().decode(ProviderDocument.self, from: Data(bytes)) else {
            throw .unusable("its description can't be read")
        }
        guard document.issuer == issuer else { throw .unusable("its description is that of another issuer") }
        for endpoint in [document.authorization, document.token, document.keys] {
            let isPlain = endpoint.hasPrefix("http://") && issuer.hasPrefix("http://")
            guard endpoint.hasPrefix("https://") || isPlain, !endpoint.contains("#") else {
                throw .unusable("an endpoint of it is not https")
            }
        }
        self = document
    }

    /// Where it is found.
    static func url(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// Whether the secret goes into the body and not into a field of the header (OpenID Connect Core, 9).
    var wantsSecretInBody: Bool {
        guard let tokenAuthentication, !tokenAuthentication.contains("client_secret_basic") else { return false }
        return tokenAuthentication.contains("client_secret_post")
    }
}

/// Why somebody isn't signed in who came from a provider.
public enum ProviderRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// What came back doesn't belong to a sign-in that this browser has begun here, or not any more.
    case notBegun
    /// The provider said no, or the person did there.
    case declined(String)
    case untrusted(String)
    /// He is who he is, and has no role here.
    case noRole
    case unusable(String)

    /// For the log.
    public var description: String {
        switch self {
        case .notBegun: "no such sign-in was begun by this browser"
        case .declined(let code): "the provider answered \(code)"
        case .untrusted(let reason): "what the provider sent is not believed: \(reason)"
        case .noRole: "the provider names no role that is one here"
        case .unusable(let reason): "the provider can't be used: \(reason)"
        }
    }
}

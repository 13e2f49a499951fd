import Foundation
public import Logging
public import ServiceKit
public import SharedCache
import Synchronization

/// Signs people in by the word of a provider: OpenID Connect's authorization code flow, with PKCE.
public final class IdentityProvider: Sendable {
    private struct Known {
        var document: ProviderDocument
        var tokens: ProviderTokens
        var askedAt: ContinuousClock.Instant
    }

    private struct TokenAnswer: Decodable {
        let idToken: String

        private enum CodingKeys: String, CodingKey {
            case idToken = "id_token"
        }
    }

    private let configuration: ProviderConfiguration
    private let redirectURI: String
    private let pending: PendingSignIns
    private let logger: Logger
    private let known = Mutex<Known?>(nil)

    private static let documentLifetime: Duration = .seconds(3_600)

    /// - Parameters:
    ///   - redirectURI: where the provider sends people back to, as it was told.
    ///   - shared: in which all shims know what sign-ins have begun, and whose key closes them there; nil: this process alone knows.
    public init(
        _ configuration: ProviderConfiguration, redirectURI: String, shared: (cache: SharedCache, identity: IdentityConfiguration)? = nil,
        logger: Logger
    ) {
        pending = PendingSignIns(shared: shared.map { ($0.cache, SessionSeal($0.identity)) })
        self.configuration = configuration
        self.redirectURI = redirectURI
        self.logger = logger
    }

    /// What people know it by: its host.
    public var name: String { URL(string: configuration.issuer)?.host ?? configuration.issuer }

    /// Begins a sign-in.
    ///
    /// - Returns: where the browser goes, and what it keeps until it is back.
    /// - Throws: ``ProviderRefusal``.
    public func begin(returnTo: String) async throws(ProviderRefusal) -> (url: String, secret: String) {
        let document = try await provider().document
        let signIn = PendingSignIn(returnTo: returnTo)
        let query = FormFields.encode([
            ("response_type", "code"), ("client_id", configuration.clientID), ("redirect_uri", redirectURI),
            ("scope", configuration.scopes),
            ("state", signIn.state), ("nonce", signIn.nonce), ("code_challenge", signIn.challenge), ("code_challenge_method", "S256"),
        ])
        let separator = document.authorization.contains("?") ? "&" : "?"
        let secret = try await remembering { [pending] in try await pending.begin(signIn) }
        return ("\(document.authorization)\(separator)\(query)", secret)
    }

    /// What has begun, or why that can't be said.
    private func remembering<Result>(_ body: () async throws -> Result) async throws(ProviderRefusal) -> Result {
        do {
            return try await body()
        } catch {
            throw .unusable("\(error)")
        }
    }

    /// Ends it with what the provider has sent back.
    ///
    /// - Parameters:
    ///   - fields: the query's.
    ///   - secret: what the browser has kept.
    /// - Returns: who that is, and where he wanted to go.
    /// - Throws: ``ProviderRefusal``.
    public func finish(_ fields: [(name: String, value: String)], secret: String?) async throws(ProviderRefusal) -> (
        SignedInPerson, returnTo: String
    ) {
        guard let secret, let signIn = try await remembering({ [pending] in try await pending.end(secret) }) else { throw .notBegun }
        func field(_ name: String) throws(ProviderRefusal) -> String? {
            let values = fields.filter { $0.name == name }
            guard values.count <= 1 else { throw .untrusted("\(name) came more than once") }
            return values.first?.value
        }
        guard try field("state") == signIn.state else { throw .notBegun }
        // Another provider's answer, brought to us (RFC 9207).
        if let issuer = try field("iss"), issuer != configuration.issuer { throw .untrusted("the answer is another issuer's") }
        if let error = try field("error") { throw .declined(String(error.prefix(64).filter { $0.isASCII && ($0.isLetter || $0 == "_") })) }
        guard let code = try field("code"), !code.isEmpty else { throw .untrusted("no code came back") }
        let provider = try await provider()
        let idToken = try await redeem(code, signIn.verifier, at: provider.document)
        let token = try await IDToken(payload: payload(of: idToken, provider.tokens))
        try token.check(configuration, nonce: signIn.nonce, at: Double(SystemTime.millisecondsSinceEpoch()) / 1_000)
        return (try token.person(configuration), signIn.returnTo)
    }

    private func payload(of token: String, _ tokens: ProviderTokens) async throws(ProviderRefusal) -> [UInt8] {
        do {
            return try await tokens.payload(of: token)
        } catch let refusal as TokenRefusal {
            throw .untrusted(refusal.rawValue)
        } catch {
            throw .unusable("\(error)")
        }
    }

    /// Gives the code for a token. A code works once: the provider sees to that, and we ask once.
    private func redeem(_ code: String, _ verifier: String, at document: ProviderDocument) async throws(ProviderRefusal) -> String {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI), ("code_verifier", verifier),
            ("client_id", configuration.clientID),
        ]
        var authorization: String?
        if let secret = try clientSecret() {
            if document.wantsSecretInBody {
                fields.append(("client_secret", secret))
            } else {
                // RFC 6749, 2.3.1: both are coded as in a form before they are joined.
                let pair = "\(FormFields.encode(configuration.clientID)):\(FormFields.encode(secret))"
                authorization = "Basic \(Data(pair.utf8).base64EncodedString())"
            }
        }
        let answer = try await ask {
            try await ProviderRequest.post(document.token, form: FormFields.encode(fields), authorization: authorization)
        }
        guard answer.status == 200 else { throw .untrusted("its token endpoint answered HTTP \(answer.status)") }
        guard let tokens = try? JSONDecoder().decode(TokenAnswer.self, from: Data(answer.body)) else {
            throw .untrusted("no ID token came back")
        }
        return tokens.idToken
    }

    private func clientSecret() throws(ProviderRefusal) -> String? {
        guard let path = configuration.clientSecretFile else { return nil }
        do {
            return String(decoding: try LocalFile.read(path, atMost: 4_096), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw .unusable("\(error)")
        }
    }

    /// What it says of itself, asked for once an hour. Where it doesn't answer, what it said before holds.
    private func provider() async throws(ProviderRefusal) -> (document: ProviderDocument, tokens: ProviderTokens) {
        let last = known.withLock { $0 }
        if let last, .now - last.askedAt < Self.documentLifetime { return (last.document, last.tokens) }
        do throws(ProviderRefusal) {
            let answer = try await ask { [configuration] in try await ProviderRequest.get(ProviderDocument.url(of: configuration.issuer)) }
            guard answer.status == 200 else { throw .unusable("its description is answered with HTTP \(answer.status)") }
            let document = try ProviderDocument(answer.body, of: configuration.issuer)
            let tokens =
                last.flatMap { $0.document == document ? $0.tokens : nil } ?? ProviderTokens(jwksURL: document.keys, logger: logger)
            known.withLock { $0 = Known(document: document, tokens: tokens, askedAt: .now) }
            return (document, tokens)
        } catch {
            guard let last else { throw error }
            logger.error("The identity provider does not answer; what it said before holds", metadata: ["error": "\(error)"])
            known.withLock { $0?.askedAt = .now }
            return (last.document, last.tokens)
        }
    }

    private func ask(_ request: () async throws -> ProviderRequest.Answer) async throws(ProviderRefusal) -> ProviderRequest.Answer {
        do {
            return try await request()
        } catch {
            throw .unusable("\(error)")
        }
    }
}

/// Names and values as `application/x-www-form-urlencoded` has them.
enum FormFields {
    static func encode(_ fields: [(String, String)]) -> String {
        fields.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }

    /// Everything but letters, digits and `-._~` is escaped, which is valid in a query as well.
    static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

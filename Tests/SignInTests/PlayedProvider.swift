import Crypto
import Foundation
import HMSTestKit
import Logging
import NIOHTTP1
import ServiceKit
import Synchronization

@testable import SignIn

/// An identity provider that says what a test wants it to.
final class PlayedProvider: Sendable {
    typealias Claims = [String: any Sendable]

    struct State {
        /// Of each code that was given out: nonce and challenge.
        var codes: [String: (nonce: String, challenge: String)] = [:]
        /// What is changed in the claims of a token.
        var change: @Sendable (inout Claims) -> Void = { _ in }
        /// What is made of a finished token.
        var spoil: @Sendable (String) -> String = { $0 }
        var document: @Sendable (inout Claims) -> Void = { _ in }
        var forms: [[String: String]] = []
        var authorizations: [String?] = []
        var answersTokens = true
    }

    let state = Mutex(State())
    private let key = Curve25519.Signing.PrivateKey()
    private let port = Mutex(0)

    var issuer: String { "http://127.0.0.1:\(port.withLock { $0 })" }

    static func whileServing(
        _ configure: (inout ProviderConfiguration) throws -> Void = { _ in },
        _ body: (PlayedProvider, IdentityProvider) async throws -> Void
    ) async throws {
        let played = PlayedProvider()
        try await FakeHTTPServer { played.answer($0) }.whileServing { port in
            played.port.withLock { $0 = port }
            var configuration = ProviderConfiguration(issuer: played.issuer, clientID: "hms")
            try configure(&configuration)
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await body(played, IdentityProvider(configuration, redirectURI: "https://hospital/session/callback", logger: quiet))
        }
    }

    /// What a browser does there: it goes to the URL, somebody signs in, and it is sent back with these fields.
    func signIn(at url: String) throws -> [(name: String, value: String)] {
        let items = URLComponents(string: url)?.queryItems ?? []
        func field(_ name: String) -> String { items.first { $0.name == name }?.value ?? "" }
        guard field("client_id") == "hms", field("response_type") == "code", field("code_challenge_method") == "S256",
            field("redirect_uri") == "https://hospital/session/callback", field("scope") == "openid profile"
        else { throw CocoaError(.formatting) }
        let code = UUID().uuidString
        state.withLock { $0.codes[code] = (field("nonce"), field("code_challenge")) }
        return [("code", code), ("state", field("state")), ("iss", issuer)]
    }

    private func answer(_ request: FakeHTTPServer.Request) -> FakeHTTPServer.Response {
        switch request.path {
        case "/.well-known/openid-configuration":
            var document: Claims = [
                "issuer": issuer, "authorization_endpoint": "\(issuer)/authorize", "token_endpoint": "\(issuer)/token",
                "jwks_uri": "\(issuer)/jwks",
            ]
            state.withLock { $0.document }(&document)
            return Self.json(document)
        case "/jwks":
            let x = Base64URL.encode(key.publicKey.rawRepresentation)
            return Self.json(["keys": [["kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "k", "x": x]]])
        case "/token": return token(request)
        default: return .init(status: 404, body: [])
        }
    }

    private func token(_ request: FakeHTTPServer.Request) -> FakeHTTPServer.Response {
        var components = URLComponents()
        components.percentEncodedQuery = String(decoding: request.body, as: UTF8.self)
        let form = Dictionary((components.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
        let (known, change, spoil, answers) = state.withLock { state in
            state.forms.append(form)
            state.authorizations.append(request.headers.first(name: "authorization"))
            // A code works once.
            return (state.codes.removeValue(forKey: form["code"] ?? ""), state.change, state.spoil, state.answersTokens)
        }
        guard answers, let known, form["redirect_uri"] == "https://hospital/session/callback", form["grant_type"] == "authorization_code",
            Base64URL.encode(SHA256.hash(data: Data((form["code_verifier"] ?? "").utf8))) == known.challenge
        else { return .init(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8)) }
        let now = Date().timeIntervalSince1970.rounded()
        var claims: Claims = [
            "iss": issuer, "aud": "hms", "sub": "u-17", "exp": now + 300, "iat": now, "nonce": known.nonce, "role": "reception",
            "preferred_username": "asha",
        ]
        change(&claims)
        return Self.json(["id_token": spoil(sign(claims)), "access_token": "x", "token_type": "Bearer"])
    }

    func sign(_ claims: Claims, header: [String: String] = ["alg": "EdDSA", "kid": "k", "typ": "JWT"]) -> String {
        let parts = [try? JSONSerialization.data(withJSONObject: header), try? JSONSerialization.data(withJSONObject: claims)]
        let signed = parts.map { Base64URL.encode($0 ?? Data()) }.joined(separator: ".")
        let signature = (try? key.signature(for: Data(signed.utf8))) ?? Data()
        return "\(signed).\(Base64URL.encode(signature))"
    }

    private static func json(_ object: Claims) -> FakeHTTPServer.Response {
        .init(status: 200, body: Array((try? JSONSerialization.data(withJSONObject: object)) ?? Data()))
    }
}

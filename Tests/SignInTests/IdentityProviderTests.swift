import Foundation
import Logging
import ServiceKit
import Synchronization
import Testing

@testable import SignIn

/// People who sign in at a provider, and what others try in their place.
@Suite(.timeLimit(.minutes(10))) struct IdentityProviderTests {
    typealias Claims = PlayedProvider.Claims

    /// A whole sign-in, but for what `change` makes of the claims.
    private func signIn(
        _ configure: (inout ProviderConfiguration) throws -> Void = { _ in },
        _ change: @escaping @Sendable (inout Claims) -> Void
    ) async throws -> SignedInPerson {
        var found: SignedInPerson?
        try await PlayedProvider.whileServing(configure) { played, provider in
            played.state.withLock { $0.change = change }
            let (url, secret) = try await provider.begin(returnTo: "/ops")
            let (person, returnTo) = try await provider.finish(try played.signIn(at: url), secret: secret)
            #expect(returnTo == "/ops")
            found = person
        }
        return try #require(found)
    }

    @Test func `who signs in there is known here by the subject and role that the provider names`() async throws {
        let person = try await signIn { _ in }
        #expect(person.subject == "u-17" && person.role == .reception && person.name == "asha" && person.source == .provider)
    }

    @Test func `a doctor is who his own claim says`() async throws {
        #expect(
            try await signIn {
                $0["role"] = "doctor"; $0["doctor_id"] = "doc_1"
            }.subject == "doc_1")
        await #expect(throws: ProviderRefusal.untrusted("the ID token has no doctor_id")) {
            try await self.signIn { $0["role"] = "doctor" }
        }
    }

    @Test func `the provider's own words mean roles here, wherever they stand, and the first rule counts`() async throws {
        let rules = { (configuration: inout ProviderConfiguration) in
            configuration.roleClaim = "realm_access.roles"
            configuration.roles = [.init("Cash Desk", .billing), .init("Front Desk", .reception)]
        }
        let words = ["offline", "Front Desk", "Cash Desk"]
        #expect(try await signIn(rules) { $0["realm_access"] = ["roles": words] }.role == .billing)
        #expect(try await signIn(rules) { $0["realm_access.roles"] = "Front Desk" }.role == .reception)
        // Our own words mean nothing there any more.
        await #expect(throws: ProviderRefusal.noRole) { try await self.signIn(rules) { $0["realm_access"] = ["roles": ["admin"]] } }
    }

    @Test(arguments: ["", "service", "Admin", "root"])
    func `a word that means no role lets nobody in`(word: String) async throws {
        await #expect(throws: ProviderRefusal.noRole) { try await self.signIn { $0["role"] = word } }
    }

    static let wrongClaims: [(String, @Sendable (inout Claims) -> Void)] = [
        ("another issuer", { $0["iss"] = "https://evil.example" }), ("no issuer", { $0["iss"] = nil }),
        ("another audience", { $0["aud"] = "shop" }), ("no audience", { $0["aud"] = nil }),
        ("several audiences, given to nobody", { $0["aud"] = ["hms", "shop"] }),
        ("given to somebody else", { $0["azp"] = "shop" }), ("another nonce", { $0["nonce"] = "x" }), ("no nonce", { $0["nonce"] = nil }),
        ("expired", { $0["exp"] = Date().timeIntervalSince1970 - 31 }), ("no end", { $0["exp"] = nil }),
        ("from the future", { $0["iat"] = Date().timeIntervalSince1970 + 3_600 }), ("no beginning", { $0["iat"] = nil }),
        ("not yet", { $0["nbf"] = Date().timeIntervalSince1970 + 3_600 }), ("no subject", { $0["sub"] = nil }),
        ("an endless subject", { $0["sub"] = String(repeating: "x", count: 256) }),
    ]

    @Test(arguments: wrongClaims.indices)
    func `an ID token of other claims is not believed`(index: Int) async throws {
        let (what, change) = Self.wrongClaims[index]
        do {
            _ = try await signIn({ _ in }, change)
            Issue.record("believed: \(what)")
        } catch let refusal as ProviderRefusal {
            guard case .untrusted = refusal else {
                Issue.record("\(what): \(refusal)")
                return
            }
        }
    }

    @Test(arguments: ["none", "HS256", "another key", "no signature", "rubbish", "two parts"])
    func `an ID token that the provider has not signed is not believed`(kind: String) async throws {
        try await PlayedProvider.whileServing { played, provider in
            played.state.withLock { state in
                state.spoil = { token in
                    let parts = token.split(separator: ".")
                    func unsigned(_ header: String) -> String { "\(Base64URL.encode(header.utf8)).\(parts[1])" }
                    return switch kind {
                    case "none": unsigned(#"{"alg":"none"}"#) + "."
                    case "HS256": unsigned(#"{"alg":"HS256","kid":"k"}"#) + ".\(parts[2])"
                    case "another key": unsigned(#"{"alg":"EdDSA","kid":"k","jku":"http://127.0.0.1/jwks"}"#) + ".\(parts[2])"
                    case "no signature": "\(parts[0]).\(parts[1])."
                    case "two parts": "\(parts[0]).\(parts[1])"
                    default: "x.y.z"
                    }
                }
            }
            let (url, secret) = try await provider.begin(returnTo: "/docs")
            let fields = try played.signIn(at: url)
            do {
                _ = try await provider.finish(fields, secret: secret)
                Issue.record("believed: \(kind)")
            } catch let refusal as ProviderRefusal {
                guard case .untrusted = refusal else {
                    Issue.record("\(kind): \(refusal)")
                    return
                }
            }
        }
    }

    @Test func `what comes back counts only in the browser that has begun, with its state, and once`() async throws {
        try await PlayedProvider.whileServing { played, provider in
            let mine = try await provider.begin(returnTo: "/docs")
            let his = try await provider.begin(returnTo: "/docs")
            let fields = try played.signIn(at: mine.url)
            await #expect(throws: ProviderRefusal.notBegun) { try await provider.finish(fields, secret: nil) }
            await #expect(throws: ProviderRefusal.notBegun) { try await provider.finish(fields, secret: "x") }
            // His browser is led to what I have begun, or the other way round: the state is not his.
            await #expect(throws: ProviderRefusal.notBegun) { try await provider.finish(fields, secret: his.secret) }
            #expect(try await provider.finish(fields, secret: mine.secret).0.subject == "u-17")
            await #expect(throws: ProviderRefusal.notBegun) { try await provider.finish(fields, secret: mine.secret) }
            // A code that was used already, brought with a sign-in of one's own.
            let again = try await provider.begin(returnTo: "/docs")
            var replayed = try played.signIn(at: again.url)
            replayed[0] = fields[0]
            await #expect(throws: ProviderRefusal.untrusted("its token endpoint answered HTTP 400")) {
                try await provider.finish(replayed, secret: again.secret)
            }
        }
    }

    @Test func `a code that somebody else has got is of no use without the verifier`() async throws {
        try await PlayedProvider.whileServing { played, provider in
            let (url, _) = try await provider.begin(returnTo: "/docs")
            let stolen = try played.signIn(at: url)[0]
            let own = try await provider.begin(returnTo: "/docs")
            var fields = try played.signIn(at: own.url)
            fields[0] = stolen
            await #expect(throws: ProviderRefusal.untrusted("its token endpoint answered HTTP 400")) {
                try await provider.finish(fields, secret: own.secret)
            }
        }
    }

    @Test func `a refusal there, another issuer's answer, and fields that come twice end the sign-in`() async throws {
        try await PlayedProvider.whileServing { played, provider in
            let cases: [([(name: String, value: String)]) -> [(name: String, value: String)]] = [
                { [$0[1], ("error", "access_denied<script>")] }, { [$0[0], $0[1], ("iss", "https://evil.example")] },
                { [$0[0], $0[0], $0[1]] }, { [$0[1]] }, { [("code", ""), $0[1]] },
            ]
            for change in cases {
                let (url, secret) = try await provider.begin(returnTo: "/docs")
                let fields = change(try played.signIn(at: url))
                await #expect(throws: ProviderRefusal.self) { try await provider.finish(fields, secret: secret) }
            }
            #expect(played.state.withLock { $0.forms.isEmpty })
        }
    }

    @Test func `a secret goes with the code, as the provider wants it, and is read anew from its file`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await PlayedProvider.whileServing({ $0.clientSecretFile = file }) { played, provider in
            for (secret, methods) in [("a b:ç", nil), ("other", ["client_secret_post"])] as [(String, [String]?)] {
                try "\(secret)\n".write(toFile: file, atomically: true, encoding: .utf8)
                played.state.withLock {
                    $0.document = { document in if let methods { document["token_endpoint_auth_methods_supported"] = methods } }
                }
                let fresh = IdentityProvider(
                    {
                        var configuration = ProviderConfiguration(issuer: played.issuer, clientID: "hms")
                        configuration.clientSecretFile = file
                        return configuration
                    }(), redirectURI: "https://hospital/session/callback", logger: .init(label: "test") { _ in SwiftLogNoOpLogHandler() })
                let (url, kept) = try await fresh.begin(returnTo: "/docs")
                _ = try await fresh.finish(try played.signIn(at: url), secret: kept)
            }
            let (forms, authorizations) = played.state.withLock { ($0.forms, $0.authorizations) }
            #expect(authorizations == ["Basic \(Data("hms:a%20b%3A%C3%A7".utf8).base64EncodedString())", nil])
            #expect(forms[0]["client_secret"] == nil && forms[1]["client_secret"] == "other")
        }
    }

    @Test(arguments: ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
    func `a description that speaks of another provider, or of a plain connection, is not used`(member: String) async throws {
        #expect(throws: ProviderRefusal.self) {
            let good = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"].map { ($0, "https://login.example/\($0)") }
            var document = Dictionary(uniqueKeysWithValues: good)
            document["issuer"] = "https://login.example"
            document[member] = "http://login.example/\(member)"
            _ = try ProviderDocument(Array(try JSONEncoder().encode(document)), of: "https://login.example")
        }
    }

    @Test func `a provider that is away lets nobody in, and the next try finds it back`() async throws {
        try await PlayedProvider.whileServing { played, provider in
            played.state.withLock { $0.document = { $0["issuer"] = nil } }
            await #expect(throws: ProviderRefusal.self) { try await provider.begin(returnTo: "/docs") }
            played.state.withLock { $0.document = { _ in } }
            let (url, secret) = try await provider.begin(returnTo: "/docs")
            let fields = try played.signIn(at: url)
            #expect(try await provider.finish(fields, secret: secret).0.subject == "u-17")
        }
    }

    @Test func `sign-ins that nobody ends fill no memory, and are over after ten minutes`() async throws {
        let pending = PendingSignIns(capacity: 10)
        let now = ContinuousClock.now
        for number in 0..<100 { _ = try await pending.begin(PendingSignIn(returnTo: "/"), at: now + .milliseconds(number)) }
        #expect(pending.count == 10)
        let secret = try await pending.begin(PendingSignIn(returnTo: "/"), at: now + .seconds(1))
        #expect(try await pending.end(secret, at: now + .seconds(602)) == nil)
    }
}

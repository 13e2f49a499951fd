import Foundation
import HMSTestKit
import RPC
import Synchronization
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct RemoteKeySetTests {
    private let hospital: TemporaryFolder

    init() throws {
        hospital = try TemporaryFolder()
    }

    @Test func `an identity provider's tokens are accepted beside the hospital's own`() async throws {
        let provider = try await Provider()
        try await provider.whilePublishing { url in
            let identity = identity(url)
            let signer = TokenSigner(key: try SigningKey.findOrMake(identity), identity)
            let verifier = try await verifier(identity, provider)
            #expect(try await verifier.verify(provider.issuer.token(.p256)).role == .reception)
            #expect(
                try await verifier.verify(signer.sign(subject: "desk", role: .reception, lifetime: .seconds(100 * 365 * 86_400))).subject
                    == "desk")
        }
    }

    @Test func `a key that is new is found with the first token that names it, once a minute at most`() async throws {
        let provider = try await Provider(keys: #"{"keys":[\#(Provider.otherKey)]}"#)
        try await provider.whilePublishing { url in
            let verifier = try await verifier(identity(url), provider)
            let token = try provider.issuer.token(.ed25519)
            provider.publish(try provider.issuer.jwks())
            provider.issuer.advance(by: 59)
            await #expect(throws: TokenRefusal.unknownKey) { try await verifier.verify(token) }
            #expect(provider.requests == 1)
            provider.issuer.advance(by: 1)
            #expect(try await verifier.verify(token).subject == "somebody")
            #expect(provider.requests == 2)
            let stranger = try provider.issuer.compact(header: ["alg": "EdDSA", "kid": "x"], claims: provider.issuer.claims)
            for _ in 0..<10 { await #expect(throws: TokenRefusal.unknownKey) { try await verifier.verify(stranger) } }
            #expect(provider.requests == 2)
        }
    }

    @Test func `a key that was withdrawn is forgotten after ten minutes`() async throws {
        let provider = try await Provider()
        try await provider.whilePublishing { url in
            let verifier = try await verifier(identity(url), provider)
            let token = try provider.issuer.token(.ed25519)
            _ = try await verifier.verify(token)
            provider.publish(#"{"keys":[\#(Provider.otherKey)]}"#)
            provider.issuer.advance(by: 599)
            #expect(try await verifier.verify(token).subject == "somebody")
            provider.issuer.advance(by: 1)
            await #expect(throws: TokenRefusal.unknownKey) { try await verifier.verify(token) }
        }
    }

    @Test(arguments: ["", "{}", #"{"keys":[]}"#])
    func `an answer without keys leaves the last good ones, and is told`(answer: String) async throws {
        let provider = try await Provider()
        try await provider.whilePublishing { url in
            let verifier = try await verifier(identity(url), provider)
            provider.publish(answer)
            provider.issuer.advance(by: 600)
            #expect(try await verifier.verify(provider.issuer.token(.ed25519)).subject == "somebody")
            #expect(provider.requests == 2)
            #expect(provider.issuer.log.lines.contains { $0.contains("last good keys") })
        }
    }

    @Test(arguments: [
        (200, "nothing"), (200, #"{"keys":[]}"#), (404, "{}"), (302, "{}"),
        (200, #"{"keys":["# + String(repeating: " ", count: 1 << 20) + "]}"),
    ])
    func `a start without the provider's keys is refused`(status: Int, answer: String) async throws {
        let provider = try await Provider(keys: answer, status: status)
        try await provider.whilePublishing { url in
            await #expect(throws: KeySetUnavailable.self) { try await verifier(identity(url), provider) }
        }
    }

    @Test func `a provider that nobody finds is named`() async throws {
        let provider = try await Provider()
        let error = await #expect(throws: KeySetUnavailable.self) {
            try await verifier(identity("http://127.0.0.1:1/keys"), provider)
        }
        #expect(error?.description.contains("http://127.0.0.1:1/keys") == true)
    }

    private func identity(_ url: String) -> IdentityConfiguration {
        var identity = IdentityConfiguration(dataFolder: hospital.path)
        identity.jwksURL = url
        return identity
    }

    private func verifier(_ identity: IdentityConfiguration, _ provider: Provider) async throws -> TokenVerifier {
        try await TokenVerifier(identity, cacheCapacity: 16, logger: provider.issuer.log.logger()) { provider.issuer.now }
    }
}

/// An identity provider that publishes what a test tells it to.
private final class Provider: Sendable {
    let issuer: TokenIssuer
    private let status: Int
    private let keys: Mutex<String>
    private let asked = Mutex(0)

    static let otherKey = #"{"kty":"OKP","crv":"Ed25519","kid":"other","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#

    init(keys: String? = nil, status: Int = 200) async throws {
        issuer = try TokenIssuer()
        self.status = status
        self.keys = Mutex(try keys ?? issuer.jwks())
    }

    var requests: Int { asked.withLock { $0 } }

    func publish(_ text: String) { keys.withLock { $0 = text } }

    func whilePublishing(_ body: (_ url: String) async throws -> Void) async throws {
        let server = FakeHTTPServer(noticed: { _ in self.asked.withLock { $0 += 1 } }) { _ in
            FakeHTTPServer.Response(
                status: self.status, headers: [("Location", "/elsewhere")], body: Array(self.keys.withLock { $0 }.utf8))
        }
        try await server.whileServing { port in try await body("http://127.0.0.1:\(port)/keys") }
    }
}

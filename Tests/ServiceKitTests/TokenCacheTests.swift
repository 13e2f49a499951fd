import Foundation
import HMSTestKit
import RPC
import Testing

@testable import ServiceKit

@Suite struct TokenCacheTests {
    private func token(_ subject: String, until: Double = 100) -> VerifiedToken {
        VerifiedToken(principal: Principal(subject: subject, role: .reception), validUntil: until)
    }

    @Test func `a token is found until it expires`() {
        var cache = TokenCache(capacity: 4)
        cache.insert(token("a"), for: TokenDigest("a"))
        #expect(cache.find(TokenDigest("a"), now: 99.9)?.principal.subject == "a")
        #expect(cache.find(TokenDigest("a"), now: 100) == nil)
        #expect(cache.find(TokenDigest("b"), now: 0) == nil)
    }

    @Test func `the cache never holds more than its capacity`() {
        var cache = TokenCache(capacity: 100)
        for number in 0..<1_000 {
            cache.insert(token("\(number)"), for: TokenDigest("\(number)"))
            #expect(cache.count <= 100)
        }
        #expect(cache.find(TokenDigest("999"), now: 0) != nil)
        #expect(cache.find(TokenDigest("0"), now: 0) == nil)
    }

    @Test func `what is in use stays while others come and go`() {
        var cache = TokenCache(capacity: 10)
        cache.insert(token("kept"), for: TokenDigest("kept"))
        for number in 0..<1_000 {
            cache.insert(token("\(number)"), for: TokenDigest("\(number)"))
            #expect(cache.find(TokenDigest("kept"), now: 0) != nil)
        }
    }

    @Test func `refused tokens are not remembered`() async throws {
        let issuer = try await TokenIssuer()
        let verifier = try await issuer.verifier(cacheCapacity: 2)
        let good = try await issuer.token(.ed25519)
        _ = try await verifier.verify(good)
        for number in 0..<50 {
            let bad = try await issuer.token(.ed25519) { $0.iss = "other\(number)" }
            await #expect(throws: TokenRefusal.wrongIssuer) { try await verifier.verify(bad) }
        }
        #expect(verifier.rememberedTokens == 1)
    }

    @Test func `a changed key set is read again and what was accepted before is forgotten`() async throws {
        let issuer = try await TokenIssuer()
        let verifier = try await issuer.verifier()
        let token = try await issuer.token(.ed25519)
        #expect(try await verifier.verify(token).subject == "somebody")

        let stranger = try await TokenIssuer()
        try issuer.folder.write(stranger.jwks(), to: "jwks.json")
        issuer.advance(by: 2)
        await #expect(throws: TokenRefusal.badSignature) { try await verifier.verify(token) }
        #expect(try await verifier.verify(stranger.token(.ed25519)).subject == "somebody")
    }

    @Test func `a key set that breaks leaves the last good keys, and says so`() async throws {
        let issuer = try await TokenIssuer()
        let verifier = try await issuer.verifier()
        let token = try await issuer.token(.ed25519)
        for text in ["", "{}", #"{"keys":[]}"#] {
            try issuer.folder.write(text, to: "jwks.json")
            issuer.advance(by: 2)
            #expect(try await verifier.verify(token).subject == "somebody")
        }
        #expect(issuer.log.lines.contains { $0.contains("last good keys") })
    }

    @Test(arguments: ["", "{}", "[]", #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"AAAA","alg":"HS256"}]}"#])
    func `a start without a usable key is refused`(text: String) async throws {
        let issuer = try await TokenIssuer()
        try issuer.folder.write(text, to: "jwks.json")
        await #expect(throws: FileError.self) { try await issuer.verifier() }
    }

    @Test func `a short RSA key is no key`() async throws {
        let issuer = try await TokenIssuer()
        let modulus = Base64URL.encode([UInt8](repeating: 0xFF, count: 128))
        try issuer.folder.write(#"{"keys":[{"kty":"RSA","alg":"RS256","kid":"short","n":"\#(modulus)","e":"AQAB"}]}"#, to: "jwks.json")
        await #expect(throws: FileError.self) { try await issuer.verifier() }
    }
}

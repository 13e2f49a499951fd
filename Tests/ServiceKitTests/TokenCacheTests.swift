import Foundation
import HMSTestKit
import RPC
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct TokenCacheTests {
    @Test func `what was found out is found until it no longer holds`() {
        var findings = RecentFindings<String>(capacity: 4)
        findings.insert("a", for: TokenDigest("a"), until: 100)
        #expect(findings.find(TokenDigest("a"), now: 99.9) == "a")
        #expect(findings.find(TokenDigest("a"), now: 100) == nil)
        #expect(findings.find(TokenDigest("b"), now: 0) == nil)
    }

    @Test func `the cache never holds more than its capacity`() {
        var findings = RecentFindings<Int>(capacity: 100)
        for number in 0..<1_000 {
            findings.insert(number, for: TokenDigest("\(number)"), until: 100)
            #expect(findings.count <= 100)
        }
        #expect(findings.find(TokenDigest("999"), now: 0) == 999)
        #expect(findings.find(TokenDigest("0"), now: 0) == nil)
    }

    @Test func `what is in use stays while others come and go`() {
        var findings = RecentFindings<Int>(capacity: 10)
        findings.insert(-1, for: TokenDigest("kept"), until: 100)
        for number in 0..<1_000 {
            findings.insert(number, for: TokenDigest("\(number)"), until: 100)
            #expect(findings.find(TokenDigest("kept"), now: 0) == -1)
        }
    }

    @Test func `refused tokens are remembered, a bounded number, and never in the place of an accepted one`() async throws {
        let issuer = try TokenIssuer()
        let verifier = try await issuer.verifier(cacheCapacity: 4)
        let good = try issuer.token(.ed25519)
        _ = try await verifier.verify(good)
        for number in 0..<50 {
            let bad = try issuer.token(.ed25519) { $0.iss = "other\(number)" }
            for _ in 1...2 { await #expect(throws: TokenRefusal.wrongIssuer) { try await verifier.verify(bad) } }
            #expect((1...4).contains(verifier.rememberedRefusals))
        }
        #expect(verifier.rememberedTokens == 1)
    }

    @Test func `a refusal is forgotten after a minute, and when other keys hold`() async throws {
        let issuer = try TokenIssuer()
        let stranger = try TokenIssuer()
        let verifier = try await issuer.verifier()
        let token = try stranger.token(.ed25519)
        await #expect(throws: TokenRefusal.badSignature) { try await verifier.verify(token) }
        #expect(verifier.rememberedRefusals == 1)
        try issuer.folder.write(stranger.jwks(), to: "jwks.json")
        issuer.advance(by: 2)
        #expect(try await verifier.verify(token).subject == "somebody")

        let late = try stranger.token(.ed25519) { $0.exp = issuer.now - 1 }
        await #expect(throws: TokenRefusal.expired) { try await verifier.verify(late) }
        issuer.advance(by: -30)
        await #expect(throws: TokenRefusal.expired, "it is remembered") { try await verifier.verify(late) }
    }

    @Test func `what may be right in a moment is not remembered`() async throws {
        let issuer = try TokenIssuer()
        let verifier = try await issuer.verifier()
        let early = try issuer.token(.ed25519) { $0.nbf = issuer.now + 10 }
        await #expect(throws: TokenRefusal.notYetValid) { try await verifier.verify(early) }
        let unknown = try issuer.compact(header: ["alg": "EdDSA", "kid": "other"], claims: issuer.claims)
        await #expect(throws: TokenRefusal.unknownKey) { try await verifier.verify(unknown) }
        #expect(verifier.rememberedRefusals == 0)
        issuer.advance(by: 10)
        #expect(try await verifier.verify(early).subject == "somebody")
    }

    @Test func `a changed key set is read again and what was accepted before is forgotten`() async throws {
        let issuer = try TokenIssuer()
        let verifier = try await issuer.verifier()
        let token = try issuer.token(.ed25519)
        #expect(try await verifier.verify(token).subject == "somebody")

        let stranger = try TokenIssuer()
        try issuer.folder.write(stranger.jwks(), to: "jwks.json")
        issuer.advance(by: 2)
        await #expect(throws: TokenRefusal.badSignature) { try await verifier.verify(token) }
        #expect(try await verifier.verify(stranger.token(.ed25519)).subject == "somebody")
    }

    @Test func `a recognized token is vouched for until the key set is looked at again`() async throws {
        let issuer = try TokenIssuer()
        let verifier = try await issuer.verifier()
        let token = try issuer.token(.ed25519)
        let first = try await verifier.recognize(token)
        issuer.advance(by: 0.75)
        let again = try await verifier.recognize(token)
        #expect(verifier.vouches(for: first) && verifier.vouches(for: again))
        issuer.advance(by: 0.25)
        #expect(!verifier.vouches(for: first) && !verifier.vouches(for: again))
        let next = try await verifier.recognize(token)
        #expect(next.principal == first.principal && verifier.vouches(for: next))
        issuer.advance(by: -5)
        #expect(!verifier.vouches(for: next), "the clock was set back")
    }

    @Test func `a recognized token is vouched for no longer than it is valid`() async throws {
        let issuer = try TokenIssuer()
        let verifier = try await issuer.verifier()
        let token = try await verifier.recognize(issuer.token(.ed25519) { $0.exp = issuer.now + 0.5 })
        #expect(verifier.vouches(for: token))
        issuer.advance(by: 0.5)
        #expect(!verifier.vouches(for: token))
    }

    @Test func `a key set that breaks leaves the last good keys, and says so`() async throws {
        let issuer = try TokenIssuer()
        let verifier = try await issuer.verifier()
        let token = try issuer.token(.ed25519)
        for text in ["", "{}", #"{"keys":[]}"#] {
            try issuer.folder.write(text, to: "jwks.json")
            issuer.advance(by: 2)
            #expect(try await verifier.verify(token).subject == "somebody")
        }
        #expect(issuer.log.lines.contains { $0.contains("last good keys") })
    }

    @Test(arguments: ["", "{}", "[]", #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"AAAA","alg":"HS256"}]}"#])
    func `a start without a usable key is refused`(text: String) async throws {
        let issuer = try TokenIssuer()
        try issuer.folder.write(text, to: "jwks.json")
        await #expect(throws: FileError.self) { try await issuer.verifier() }
    }

    @Test func `a short RSA key is no key`() async throws {
        let issuer = try TokenIssuer()
        let modulus = Base64URL.encode([UInt8](repeating: 0xFF, count: 128))
        try issuer.folder.write(#"{"keys":[{"kty":"RSA","alg":"RS256","kid":"short","n":"\#(modulus)","e":"AQAB"}]}"#, to: "jwks.json")
        await #expect(throws: FileError.self) { try await issuer.verifier() }
    }
}

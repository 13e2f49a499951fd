import Crypto
import Foundation
import HMSTestKit
import RPC
import Testing

@testable import ServiceKit

/// Tokens that a verifier must accept, and every way in which one can be wrong.
@Suite(.timeLimit(.minutes(10))) struct TokenTests {
    private let issuer: TokenIssuer

    init() async throws {
        issuer = try TokenIssuer()
    }

    @Test(arguments: TokenIssuer.Algorithm.allCases, CallerRole.allCases.filter { $0 != .service })
    func `a token tells its subject and role`(algorithm: TokenIssuer.Algorithm, role: CallerRole) async throws {
        let token = try issuer.token(algorithm) { $0.role = role.rawValue }
        #expect(try await issuer.verifier().verify(token) == Principal(subject: "somebody", role: role.set))
    }

    @Test func `a token without the key's id is verified by the only key of its algorithm`() async throws {
        let token = try issuer.compact(header: ["alg": "EdDSA"], claims: issuer.claims)
        #expect(try await issuer.verifier().verify(token).subject == "somebody")
    }

    @Test func `an audience may be one of several`() async throws {
        let token = try issuer.compact(
            header: ["alg": "EdDSA", "kid": "ed"],
            payload: #"{"iss":"hms","sub":"s","aud":["other","hms"],"exp":\#(issuer.now + 60),"role":"admin"}"#)
        #expect(try await issuer.verifier().verify(token).role == .admin)
    }

    @Test func `a token signed with none is refused`() async throws {
        let unsigned = try issuer.parts(header: ["alg": "none", "kid": "ed"], claims: issuer.claims) + "."
        await expectRefusal(of: unsigned, .wrongAlgorithm)
        let unsignedWithoutKey = try issuer.parts(header: ["alg": "none"], claims: issuer.claims) + "."
        await expectRefusal(of: unsignedWithoutKey, .unknownKey)
    }

    @Test(arguments: ["HS256", "HS384", "HS512"])
    func `a token signed with a public key as if it were a shared secret is refused`(name: String) async throws {
        let secrets = [issuer.publicPEM, issuer.publicBytes, Data(try issuer.jwks().utf8)]
        for secret in secrets {
            for header in [["alg": name, "kid": "ed"], ["alg": name, "kid": "rsa"], ["alg": name]] {
                let parts = try issuer.parts(header: header, claims: issuer.claims)
                let signature = HMAC<SHA256>.authenticationCode(for: Data(parts.utf8), using: SymmetricKey(data: secret))
                await expectRefusal(of: "\(parts).\(Base64URL.encode(signature))", header["kid"] == nil ? .unknownKey : .wrongAlgorithm)
            }
        }
    }

    @Test(arguments: ["RS256", "ES256", "RS384", "PS256", "eddsa", "EdDSA ", "ES384", ""])
    func `the key decides the algorithm, not the header`(name: String) async throws {
        await expectRefusal(of: try issuer.compact(header: ["alg": name, "kid": "ed"], claims: issuer.claims), .wrongAlgorithm)
    }

    @Test func `a symmetric key in the key set is no key`() async throws {
        let secret = Base64URL.encode(Array("0123456789abcdef0123456789abcdef".utf8))
        let verifier = try await issuer.verifier(extraKey: #"{"kty":"oct","kid":"shared","alg":"HS256","k":"\#(secret)"}"#)
        let parts = try issuer.parts(header: ["alg": "HS256", "kid": "shared"], claims: issuer.claims)
        let key = SymmetricKey(data: Data("0123456789abcdef0123456789abcdef".utf8))
        let token = "\(parts).\(Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Data(parts.utf8), using: key)))"
        await #expect(throws: TokenRefusal.unknownKey) { try await verifier.verify(token) }
    }

    @Test func `a token of an unknown key is refused`() async throws {
        await expectRefusal(of: try issuer.compact(header: ["alg": "EdDSA", "kid": "other"], claims: issuer.claims), .unknownKey)
    }

    @Test func `a token signed by another key under a known name is refused`() async throws {
        let stranger = try TokenIssuer()
        await expectRefusal(of: try stranger.token(.ed25519), .badSignature)
        await expectRefusal(of: try stranger.token(.p256), .badSignature)
    }

    @Test func `a token with any part changed is refused`() async throws {
        let token = try issuer.token(.ed25519)
        let parts = token.split(separator: ".").map(String.init)
        let admin = Base64URL.encode(Array(#"{"iss":"hms","sub":"x","aud":"hms","exp":\#(issuer.now + 60),"role":"admin"}"#.utf8))
        await expectRefusal(of: "\(parts[0]).\(admin).\(parts[2])", .badSignature)
        await expectRefusal(of: "\(parts[0]).\(parts[1]).", .badSignature)
        await expectRefusal(of: "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))", nil)
        await expectRefusal(of: "\(parts[0]).\(parts[1])", .malformed)
        await expectRefusal(of: "\(token).\(parts[2])", .malformed)
        await expectRefusal(of: token + "=", .malformed)
        await expectRefusal(of: token + " ", .malformed)
    }

    @Test(arguments: ["", ".", "..", "...", "a.b.c", "é.é.é", "bm90.anNvbg.AAAA"])
    func `what is no token is refused`(text: String) async {
        await expectRefusal(of: text, .malformed)
    }

    @Test func `a token is valid until the second of its expiry, and not in it`() async throws {
        let token = try issuer.token(.ed25519) { $0.exp = issuer.now + 100 }
        let verifier = try await issuer.verifier()
        issuer.advance(by: 99.999)
        #expect(try await verifier.verify(token).subject == "somebody")
        issuer.advance(by: 0.001)
        await #expect(throws: TokenRefusal.expired) { try await verifier.verify(token) }
        await #expect(throws: TokenRefusal.expired) { try await issuer.verifier().verify(token) }
    }

    @Test func `a token that expired a second ago is refused, unless the leeway covers it`() async throws {
        let token = try issuer.token(.ed25519) { $0.exp = issuer.now - 1 }
        await expectRefusal(of: token, .expired)
        #expect(try await issuer.verifier(leeway: .seconds(2)).verify(token).subject == "somebody")
        await #expect(throws: TokenRefusal.expired) { try await issuer.verifier(leeway: .seconds(1)).verify(token) }
    }

    @Test func `a token without expiry is refused`() async throws {
        await expectRefusal(of: try issuer.token(.ed25519) { $0.exp = nil }, .expired)
    }

    @Test func `a token is refused before its time`() async throws {
        await expectRefusal(of: try issuer.token(.ed25519) { $0.nbf = issuer.now + 1 }, .notYetValid)
        #expect(try await issuer.verifier().verify(issuer.token(.ed25519) { $0.nbf = issuer.now }).subject == "somebody")
    }

    @Test func `a token from another issuer, or for another audience, is refused`() async throws {
        await expectRefusal(of: try issuer.token(.ed25519) { $0.iss = "other" }, .wrongIssuer)
        await expectRefusal(of: try issuer.token(.ed25519) { $0.iss = nil }, .wrongIssuer)
        await expectRefusal(of: try issuer.token(.ed25519) { $0.aud = .init("other") }, .wrongAudience)
        await expectRefusal(of: try issuer.token(.ed25519) { $0.aud = nil }, .wrongAudience)
    }

    @Test(arguments: ["nurse", "", "Admin", "anyone", "admin,reception"])
    func `a token with an unknown role is refused`(role: String) async throws {
        await expectRefusal(of: try issuer.token(.ed25519) { $0.role = role }, .unknownRole)
    }

    @Test func `a token without role or subject is refused`() async throws {
        await expectRefusal(of: try issuer.token(.ed25519) { $0.role = nil }, .unknownRole)
        await expectRefusal(of: try issuer.token(.ed25519) { $0.sub = nil }, .missingSubject)
        await expectRefusal(of: try issuer.token(.ed25519) { $0.sub = "desk\u{0}1" }, .missingSubject)
        await expectRefusal(of: try issuer.token(.ed25519) { $0.sub = "" }, .missingSubject)
    }

    @Test func `a token that asks for an extension is refused`() async throws {
        let header = #"{"alg":"EdDSA","kid":"ed","crit":["b64"],"b64":false}"#
        await expectRefusal(of: try issuer.compact(rawHeader: header, claims: issuer.claims), .unsupportedExtension)
    }

    @Test(arguments: ["[", #"{"a":"#])
    func `a token that is nested deeply is refused, and crashes nobody`(opening: String) async throws {
        let deep = String(repeating: opening, count: 5_500 / opening.utf8.count)
        for header in [deep, #"{"alg":"EdDSA","kid":"ed","x":\#(deep)"#] {
            await expectRefusal(of: try issuer.compact(rawHeader: header, claims: issuer.claims), .malformed)
        }
        await expectRefusal(of: try issuer.compact(header: ["alg": "EdDSA", "kid": "ed"], payload: deep), .malformed)
    }

    @Test func `a token of 8 KiB is read, a longer one is not`() async throws {
        let verifier = try await issuer.verifier()
        let longest = try issuer.token(ofLength: 8_192)
        #expect(longest.utf8.count == 8_192)
        #expect(try await verifier.verify(longest).role == .admin)
        await expectRefusal(of: longest + "A", .tooLong)
    }

    private func expectRefusal(of token: String, _ refusal: TokenRefusal?, sourceLocation: SourceLocation = #_sourceLocation) async {
        let error = await #expect(throws: TokenRefusal.self, sourceLocation: sourceLocation) {
            try await issuer.verifier().verify(token)
        }
        if let refusal { #expect(error == refusal, sourceLocation: sourceLocation) }
    }
}

import Foundation
import RPC
import Testing

@testable import ServiceKit

/// Tokens that nobody signs by mistake.
@Suite(.timeLimit(.minutes(10))) struct TokenAttackTests {
    private let issuer: TokenIssuer

    init() throws {
        issuer = try TokenIssuer()
    }

    private func expectRefusal(of token: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let verifier = try await issuer.verifier()
        await #expect(throws: TokenRefusal.self, sourceLocation: sourceLocation) { try await verifier.verify(token) }
    }

    /// The order of P-256, to which every signature's halves are compared.
    private static let order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"

    @Test(arguments: [
        (String(repeating: "0", count: 64), String(repeating: "0", count: 64)),
        (String(repeating: "0", count: 63) + "1", String(repeating: "0", count: 64)),
        (order, order), (order, String(repeating: "0", count: 63) + "1"),
        (String(repeating: "F", count: 64), String(repeating: "F", count: 64)),
    ])
    func `a signature of noughts or of numbers out of bounds is none`(r: String, s: String) async throws {
        let parts = try issuer.token(.p256).split(separator: ".")
        let bytes = stride(from: 0, to: 128, by: 2).compactMap { offset in
            let digits = Array((r + s).utf8)[offset..<offset + 2]
            return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        }
        #expect(bytes.count == 64)
        try await expectRefusal(of: "\(parts[0]).\(parts[1]).\(Base64URL.encode(bytes))")
    }

    @Test(arguments: [0, 1, 63, 65, 128, 4_096])
    func `a signature of another length is none`(count: Int) async throws {
        for algorithm in TokenIssuer.Algorithm.allCases {
            let parts = try issuer.token(algorithm).split(separator: ".")
            try await expectRefusal(of: "\(parts[0]).\(parts[1]).\(Base64URL.encode([UInt8](repeating: 1, count: count)))")
        }
    }

    @Test(arguments: [
        #"{"alg":"EdDSA","kid":1}"#, #"{"alg":"EdDSA","kid":["ed"]}"#, #"{"alg":"EdDSA","kid":{"$ne":""}}"#, #"{"alg":"EdDSA","kid":""}"#,
        #"{"alg":"EdDSA","kid":"ed\u0000"}"#, #"{"alg":"EdDSA","kid":"ED"}"#, #"{"alg":"EdDSA","kid":"/dev/null"}"#,
        #"{"alg":"EdDSA","kid":"ed' --"}"#,
        #"{"alg":["EdDSA"],"kid":"ed"}"#, #"{"kid":"ed"}"#, #"["EdDSA"]"#, "null", "",
    ])
    func `a header that names no key of ours finds none`(header: String) async throws {
        try await expectRefusal(of: try issuer.compact(rawHeader: header, claims: issuer.claims))
    }

    @Test(arguments: ["\"9999999999\"", "1e999", "null", "true", "[9999999999]", "-1", "NaN"])
    func `an end that is no instant to come is none`(end: String) async throws {
        let payload = #"{"iss":"hms","aud":"hms","sub":"a","role":"admin","exp":\#(end)}"#
        try await expectRefusal(of: try issuer.compact(header: ["alg": "EdDSA", "kid": "ed"], payload: payload))
    }

    @Test(arguments: [
        #""exp":9999999999,"exp":1"#, #""exp":1,"exp":9999999999"#, #""exp":9999999999,"\u0065xp":1"#,
        #""exp":9999999999,"role":"reception""#, #""exp":9999999999,"x":1,"x":1"#,
    ])
    func `a claim that is made twice says nothing`(claims: String) async throws {
        let payload = #"{"iss":"hms","aud":"hms","sub":"a","role":"admin",\#(claims)}"#
        try await expectRefusal(of: try issuer.compact(header: ["alg": "EdDSA", "kid": "ed"], payload: payload))
    }

    @Test func `a header that names its algorithm or its key twice names none`() async throws {
        for header in [#"{"alg":"EdDSA","kid":"ed","alg":"none"}"#, #"{"alg":"EdDSA","kid":"ed","kid":"other"}"#] {
            try await expectRefusal(of: try issuer.compact(rawHeader: header, claims: issuer.claims))
        }
    }

    @Test func `names that come again within a claim, and colons in texts, are no claims`() async throws {
        let payload = #"{"iss":"hms","aud":["hms"],"sub":"a\":b","role":"admin","exp":9999999999,"x":{"exp":1,"y":[{"exp":2},"exp:\\"]}}"#
        let token = try issuer.compact(header: ["alg": "EdDSA", "kid": "ed"], payload: payload)
        #expect(try await issuer.verifier().verify(token).subject == #"a":b"#)
    }

    @Test(arguments: ["logout+jwt", "secevent+jwt", "application/secevent+JWT", "dpop+jwt", "token-introspection+jwt"])
    func `a token of another kind lets nobody in`(type: String) async throws {
        let header = ["alg": "EdDSA", "kid": "ed", "typ": type]
        await #expect(throws: TokenRefusal.otherKind) {
            try await issuer.verifier().verify(issuer.compact(header: header, claims: issuer.claims))
        }
    }

    @Test(arguments: ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])
    func `a token that says that it is one is read`(type: String) async throws {
        let header = ["alg": "EdDSA", "kid": "ed", "typ": type]
        #expect(try await issuer.verifier().verify(issuer.compact(header: header, claims: issuer.claims)).subject == "somebody")
    }

    @Test(arguments: [31, 3_600, 1e18, 1e300])
    func `a token of a time to come, which no revocation of today would concern, is refused`(ahead: Double) async throws {
        await #expect(throws: TokenRefusal.notYetValid) {
            try await issuer.verifier().verify(issuer.token(.ed25519) { $0.iat = issuer.now + ahead })
        }
        _ = try await issuer.verifier().verify(issuer.token(.ed25519) { $0.iat = issuer.now + 29 })
    }

    @Test(arguments: [" ", "\n", "=", "==", ".", "%00", "\u{0}"])
    func `what is added to a good token makes it none`(text: String) async throws {
        let token = try issuer.token(.ed25519)
        for spoiled in [token + text, text + token] { try await expectRefusal(of: spoiled) }
    }
}

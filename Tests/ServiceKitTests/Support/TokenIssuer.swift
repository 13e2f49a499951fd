import Crypto
import CryptoExtras
import Foundation
import HMSTestKit
import Synchronization

@testable import ServiceKit

/// Somebody who issues tokens, right ones and wrong ones, with a key of every kind, and a clock that tests move.
final class TokenIssuer: Sendable {
    enum Algorithm: String, CaseIterable, Sendable {
        case ed25519 = "ed"
        case p256
        case rsa

        /// As a token's header says it.
        var name: String {
            switch self {
            case .ed25519: "EdDSA"
            case .p256: "ES256"
            case .rsa: "RS256"
            }
        }
    }

    let folder: TemporaryFolder
    let log = CapturedLog()
    private let ed = Curve25519.Signing.PrivateKey()
    private let p256 = P256.Signing.PrivateKey()
    private let time = Mutex(1_800_000_000.0)

    /// One for all tests, for making it takes a while.
    private static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(try jwks(), to: "jwks.json")
    }

    /// The issuer's time, in seconds since 1970.
    var now: Double { time.withLock { $0 } }

    func advance(by seconds: Double) {
        time.withLock { $0 += seconds }
    }

    /// Claims that are right in every way.
    var claims: TokenClaims {
        TokenClaims(iss: "hms", sub: "somebody", aud: .init("hms"), exp: now + 3_600, nbf: nil, iat: now, role: "reception")
    }

    var publicPEM: Data { Data(ed.publicKey.pemRepresentation.utf8) }
    var publicBytes: Data { ed.publicKey.rawRepresentation }

    func jwks(extraKey: String? = nil) throws -> String {
        let rsa = try Self.rsa.get().publicKey.getKeyPrimitives()
        let point = p256.publicKey.rawRepresentation
        let keys = [
            #"{"kty":"OKP","crv":"Ed25519","use":"sig","kid":"ed","x":"\#(Base64URL.encode(publicBytes))"}"#,
            #"{"kty":"EC","crv":"P-256","kid":"p256","x":"\#(Base64URL.encode(point.prefix(32)))","y":"\#(Base64URL.encode(point.suffix(32)))"}"#,
            #"{"kty":"RSA","alg":"RS256","kid":"rsa","n":"\#(Base64URL.encode(rsa.modulus))","e":"\#(Base64URL.encode(rsa.publicExponent))"}"#,
        ]
        return #"{"keys":[\#((keys + [extraKey].compactMap(\.self)).joined(separator: ","))]}"#
    }

    func verifier(leeway: Duration = .zero, cacheCapacity: Int = 16, extraKey: String? = nil) async throws -> TokenVerifier {
        if let extraKey { try folder.write(try jwks(extraKey: extraKey), to: "jwks.json") }
        var identity = IdentityConfiguration(dataFolder: folder.path)
        identity.jwksFile = folder.path + "/jwks.json"
        identity.leeway = leeway
        return try await TokenVerifier(identity, cacheCapacity: cacheCapacity, logger: log.logger()) { [self] in now }
    }

    /// A token signed as it should be, over claims that `change` may have spoilt.
    func token(_ algorithm: Algorithm, _ change: (inout TokenClaims) -> Void = { _ in }) throws -> String {
        var claims = claims
        change(&claims)
        let parts = try parts(header: ["typ": "JWT", "alg": algorithm.name, "kid": algorithm.rawValue], claims: claims)
        return try "\(parts).\(Base64URL.encode(signature(algorithm, of: Data(parts.utf8))))"
    }

    private func signature(_ algorithm: Algorithm, of message: Data) throws -> Data {
        switch algorithm {
        case .ed25519: try ed.signature(for: message)
        case .p256: try p256.signature(for: message).rawRepresentation
        case .rsa: try Self.rsa.get().signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5).rawRepresentation
        }
    }

    /// Header and claims as they stand in a token, unsigned.
    func parts(header: [String: String], claims: TokenClaims) throws -> String {
        try Base64URL.encode(JSONEncoder().encode(header)) + "." + Base64URL.encode(JSONEncoder().encode(claims))
    }

    /// A token under any header at all, signed with the Ed25519 key.
    func compact(header: [String: String], claims: TokenClaims) throws -> String {
        try signed(parts(header: header, claims: claims))
    }

    func compact(rawHeader: String, claims: TokenClaims) throws -> String {
        try signed(Base64URL.encode(rawHeader.utf8) + "." + Base64URL.encode(JSONEncoder().encode(claims)))
    }

    func compact(header: [String: String], payload: String) throws -> String {
        try signed(Base64URL.encode(JSONEncoder().encode(header)) + "." + Base64URL.encode(payload.utf8))
    }

    /// A right token of an exact length.
    func token(ofLength length: Int) throws -> String {
        for padding in stride(from: length * 3 / 4, to: 0, by: -1) {
            let filler = String(repeating: "x", count: padding)
            let token = try compact(
                header: ["alg": "EdDSA"],
                payload: #"{"iss":"hms","sub":"s","aud":"hms","exp":\#(now + 60),"role":"admin","x":"\#(filler)"}"#)
            if token.utf8.count == length { return token }
            guard token.utf8.count > length else { break }
        }
        throw CocoaError(.featureUnsupported)
    }

    private func signed(_ parts: String) throws -> String {
        "\(parts).\(Base64URL.encode(try ed.signature(for: Data(parts.utf8))))"
    }
}

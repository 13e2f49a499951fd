import Crypto
import Foundation
import HMSTestKit
import RPC
import Synchronization
import Testing

@testable import ServiceKit

/// New keys for a hospital that runs, and tokens that are refused before their time.
@Suite(.timeLimit(.minutes(10))) struct KeyRotationTests {
    private let folder: TemporaryFolder
    private let identity: IdentityConfiguration
    private let clock = TestSeconds()

    init() throws {
        folder = try TemporaryFolder()
        identity = IdentityConfiguration(dataFolder: folder.path)
        _ = try SigningKey.findOrMake(identity)
        try ServiceKeys.findOrMake(for: ["patient", "billing"], identity)
    }

    private func verifier() async throws -> TokenVerifier {
        try await TokenVerifier(identity, cacheCapacity: 16, logger: CapturedLog().logger()) { [clock] in clock.now }
    }

    private func token(subject: String = "desk", issuedAt: Double? = nil, lifetime: Double = 864_000) throws -> String {
        try TokenSigner(key: SigningKey(pemFile: identity.signingKeyFile), identity).sign(
            TokenClaims(
                iss: "hms", sub: subject, aud: .init("hms"), exp: clock.now + lifetime, nbf: nil, iat: issuedAt ?? clock.now, role: "admin")
        )
    }

    private func serviceToken(_ service: String) throws -> String {
        try TokenSigner(key: SigningKey(pemFile: identity.serviceKeyFile(of: service)), identity).sign(
            TokenClaims(
                iss: "hms", sub: service, aud: .init("hms"), exp: clock.now + 300, nbf: nil, iat: clock.now, role: "service"))
    }

    private func publishedServiceKeys() throws -> Int {
        let bytes = try Data(contentsOf: URL(filePath: identity.serviceJWKSFile))
        return try JSONDecoder().decode(JSONWebKeySet.self, from: bytes).keys.count
    }

    private func rotate(keeping: Duration) async throws {
        try await KeyRotation(of: ["patient", "billing"], identity).run(keeping: keeping, pause: .zero)
        clock.advance(by: 2)
    }

    // MARK: Rotation

    @Test func `old tokens hold for as long as was said, and new ones are signed with the new key`() async throws {
        let verifier = try await verifier()
        let old = [try token(), try serviceToken("patient")]
        for token in old { _ = try await verifier.verify(token) }
        try await rotate(keeping: .seconds(60))
        let new = [try token(), try serviceToken("patient")]
        for token in old + new { _ = try await verifier.verify(token) }
        clock.advance(by: 61)
        await #expect(throws: TokenRefusal.retiredKey) { try await verifier.verify(old[0]) }
        #expect(try await verifier.verify(new[0]).subject == "desk")
    }

    @Test func `who looks for keys that are missing takes none away that a rotation has published`() async throws {
        let services = ["patient", "billing"]
        let old = [try serviceToken("patient"), try serviceToken("billing")]
        let rotation = Task { [identity] in try await KeyRotation(of: services, identity).run(keeping: .seconds(60), pause: .seconds(1)) }
        // As an authority does that hands keys out.
        while try publishedServiceKeys() < 4 { try ServiceKeys.findOrMake(for: services, identity) }
        try ServiceKeys.findOrMake(for: services, identity)
        #expect(try publishedServiceKeys() == 4)
        try await rotation.value
        try ServiceKeys.findOrMake(for: services, identity)
        clock.advance(by: 2)
        let verifier = try await verifier()
        for token in old + [try serviceToken("patient"), try serviceToken("billing")] { _ = try await verifier.verify(token) }
    }

    @Test func `a token that is remembered is forgotten when its key has its end`() async throws {
        let verifier = try await verifier()
        try await rotate(keeping: .seconds(60))
        let keys = try SigningKey(pemFile: identity.signingKeyFile)
        try await rotate(keeping: .seconds(60))
        let old = try TokenSigner(key: keys, identity).sign(
            TokenClaims(iss: "hms", sub: "s", aud: .init("hms"), exp: clock.now + 86_400, nbf: nil, iat: clock.now, role: "admin"))
        for _ in 1...3 { _ = try await verifier.verify(old) }
        clock.advance(by: 59)
        await #expect(throws: TokenRefusal.retiredKey) { try await verifier.verify(old) }
    }

    @Test func `after a theft nothing that the old keys sign is accepted`() async throws {
        let verifier = try await verifier()
        let old = [try token(), try serviceToken("billing")]
        for token in old { _ = try await verifier.verify(token) }
        try await rotate(keeping: .zero)
        for token in old { await #expect(throws: TokenRefusal.retiredKey) { try await verifier.verify(token) } }
    }

    @Test func `keys that are over are dropped, and those of others stay`() async throws {
        let stranger = SigningKey.make()
        let set = try folder.read("keys/jwks.json")
        try folder.write(set.replacing("]}", with: "," + stranger.publicJWK() + "]}"), to: "keys/jwks.json")
        let first = try SigningKey(pemFile: identity.signingKeyFile).id
        try await rotate(keeping: .zero)
        try await rotate(keeping: .seconds(3_600))
        let published = try folder.read("keys/jwks.json")
        #expect(!published.contains(first))
        #expect(published.contains(stranger.id))
        #expect(published.contains(try SigningKey(pemFile: identity.signingKeyFile).id))
        #expect(try JSONDecoder().decode(JSONWebKeySet.self, from: Data(published.utf8)).keys.compactMap(\.key?.until).count == 1)
    }

    @Test func `private keys stay for their owner's eyes only`() async throws {
        try await rotate(keeping: .zero)
        for name in ["keys/signing.pem", "keys/services/patient.pem"] {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        #expect(try !folder.read("keys/jwks.json").contains(#""d""#))
    }

    @Test func `of two rotations at once one comes after the other, and what is signed with the last keys is accepted`() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 1...4 {
                group.addTask { [identity] in
                    try await KeyRotation(of: ["patient", "billing"], identity).run(keeping: .seconds(60), pause: .milliseconds(20))
                }
            }
            try await group.waitForAll()
        }
        let verifier = try await verifier()
        for token in [try token(), try serviceToken("patient"), try serviceToken("billing")] { _ = try await verifier.verify(token) }
        let published = try JSONDecoder().decode(JSONWebKeySet.self, from: Data(try folder.read("keys/jwks.json").utf8))
        #expect(published.keys.count == 5 && published.keys.compactMap(\.key?.until).count == 4)
    }

    @Test func `a start in the midst of a rotation waits for its end`() async throws {
        async let rotation: Void = KeyRotation(of: ["patient", "billing"], identity).run(keeping: .zero, pause: .milliseconds(200))
        while try folder.read("keys/services.json").components(separatedBy: "hms_service").count < 5 { await Task.yield() }
        try await withCheckedThrowingContinuation { started in
            // It waits with its thread.
            Thread.detachNewThread { [identity] in
                started.resume(with: Result { try ServiceKeys.findOrMake(for: ["patient", "billing"], identity) })
            }
        }
        try await rotation
        _ = try await verifier().verify(serviceToken("patient"))
    }

    // MARK: Revocation

    @Test func `who is revoked while others are is revoked, each of them`() async throws {
        let subjects = (1...32).map { "desk-\($0)" }
        try await withThrowingTaskGroup { group in
            for subject in subjects {
                group.addTask { [identity, clock] in try TokenRevocation.revoke(subject: subject, identity, at: clock.now) }
            }
            try await group.waitForAll()
        }
        let revoked = try RevocationFile(path: identity.revocationFile).tokens
        #expect(subjects.allSatisfy { revoked.contains(subject: $0, issuedAt: clock.now) })
    }

    @Test func `what somebody was issued until then is refused, what he is issued later is not, and others are not concerned`() async throws
    {
        let verifier = try await verifier()
        let (his, hers) = (try token(), try token(subject: "other"))
        for token in [his, hers] { _ = try await verifier.verify(token) }
        try TokenRevocation.revoke(subject: "desk", identity, at: clock.now)
        clock.advance(by: 2)
        await #expect(throws: TokenRefusal.revoked) { try await verifier.verify(his) }
        #expect(try await verifier.verify(hers).subject == "other")
        #expect(try await verifier.verify(try token()).subject == "desk")
        await #expect(throws: TokenRefusal.revoked) { try await self.verifier().verify(his) }
    }

    @Test func `a token that does not say when it was issued is refused with the others`() {
        var revoked = RevokedTokens()
        revoked.revoke(subject: "a", at: 100.9)
        #expect(revoked.contains(subject: "a", issuedAt: nil))
        #expect(revoked.contains(subject: "a", issuedAt: 100))
        #expect(!revoked.contains(subject: "a", issuedAt: 101))
        #expect(!revoked.contains(subject: "b", issuedAt: nil))
        revoked.revoke(subject: "a", at: 50)
        #expect(revoked.contains(subject: "a", issuedAt: 100))
    }

    @Test func `a list that breaks or vanishes leaves the last good one, and says so`() async throws {
        let log = CapturedLog()
        let verifier = try await TokenVerifier(identity, cacheCapacity: 16, logger: log.logger()) { [clock] in clock.now }
        let his = try token()
        try TokenRevocation.revoke(subject: "desk", identity, at: clock.now)
        clock.advance(by: 2)
        await #expect(throws: TokenRefusal.revoked) { try await verifier.verify(his) }
        try folder.write("{", to: "keys/revoked.json")
        clock.advance(by: 2)
        await #expect(throws: TokenRefusal.revoked) { try await verifier.verify(his) }
        #expect(log.lines.contains { $0.contains("revoked tokens cannot be read") })
        try FileManager.default.removeItem(atPath: identity.revocationFile)
        clock.advance(by: 2)
        await #expect(throws: TokenRefusal.revoked) { try await verifier.verify(his) }
    }

    // MARK: What a token says of its own key

    @Test(arguments: ["jwk", "jku", "x5u", "x5c"])
    func `a key that a token brings or points to is not looked at`(member: String) async throws {
        let stranger = SigningKey.make()
        let values = [
            "jwk": stranger.publicJWK(), "jku": #""http://127.0.0.1:1/keys""#, "x5u": #""file:///etc/passwd""#, "x5c": #"["AAAA"]"#,
        ]
        for kid in [stranger.id, try SigningKey(pemFile: identity.signingKeyFile).id, "../../keys/jwks.json", "' OR 1=1 --"] {
            let header = #"{"alg":"EdDSA","kid":"\#(kid)","\#(member)":\#(values[member] ?? "")}"#
            let claims = #"{"iss":"hms","sub":"s","aud":"hms","exp":\#(Int(clock.now) + 60),"role":"admin"}"#
            let signed = "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array(claims.utf8)))"
            let token = "\(signed).\(Base64URL.encode(try stranger.key.signature(for: Data(signed.utf8))))"
            await #expect(throws: TokenRefusal.self) { try await self.verifier().verify(token) }
        }
    }
}

/// A clock that begins at the real time and is moved by its test.
private final class TestSeconds: Sendable {
    private let time = Mutex(Double(SystemTime.millisecondsSinceEpoch()) / 1_000)

    var now: Double { time.withLock { $0 } }

    func advance(by seconds: Double) {
        time.withLock { $0 += seconds }
    }
}

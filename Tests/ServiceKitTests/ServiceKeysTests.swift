import Foundation
import HMSTestKit
import RPC
import Testing

@testable import ServiceKit

/// What somebody could do who has broken into one service, or into the identity provider.
@Suite(.timeLimit(.minutes(10))) struct ServiceKeysTests {
    private let folder: TemporaryFolder
    private let identity: IdentityConfiguration

    init() throws {
        folder = try TemporaryFolder()
        identity = IdentityConfiguration(dataFolder: folder.path)
        _ = try SigningKey.findOrMake(identity)
        try ServiceKeys.findOrMake(for: ["patient", "billing"], identity)
    }

    private func signer(of service: String) throws -> TokenSigner {
        TokenSigner(key: try SigningKey(pemFile: identity.serviceKeyFile(of: service)), identity)
    }

    private func verifier() async throws -> TokenVerifier {
        try await TokenVerifier(identity, logger: CapturedLog().logger())
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions] as? Int
    }

    @Test func `each service has a key that only its owner can read, and all know the public parts`() throws {
        #expect(try mode("keys/services") == 0o700)
        for service in ["patient", "billing"] {
            #expect(try mode("keys/services/\(service).pem") == 0o600)
            #expect(try folder.read("keys/services.json").contains(SigningKey(pemFile: identity.serviceKeyFile(of: service)).id))
        }
        #expect(try !folder.read("keys/services.json").contains(#""d""#))
    }

    @Test func `keys that are there are kept, and a service that is new gets one`() throws {
        let before = try folder.read("keys/services/patient.pem")
        try ServiceKeys.findOrMake(for: ["patient", "billing", "payment"], identity)
        #expect(try folder.read("keys/services/patient.pem") == before)
        #expect(try folder.read("keys/services.json").contains(#""hms_service":"payment""#))
    }

    @Test func `a service speaks for itself`() async throws {
        let token = try signer(of: "patient").sign(subject: "patient", role: .service, lifetime: .seconds(60))
        #expect(try await verifier().verify(token) == Principal(subject: "patient", role: .service))
    }

    @Test(arguments: CallerRole.allCases, ["patient", "billing", "somebody"])
    func `a service's key signs for nobody but that service`(role: CallerRole, subject: String) async throws {
        let token = try signer(of: "billing").sign(subject: subject, role: role, lifetime: .seconds(60))
        let verifier = try await verifier()
        if role == .service, subject == "billing" {
            #expect(try await verifier.verify(token).subject == "billing")
        } else {
            await #expect(throws: TokenRefusal.wrongScope) { try await verifier.verify(token) }
        }
    }

    @Test func `the operator's key signs for people, and for no service`() async throws {
        let signer = TokenSigner(key: try SigningKey.findOrMake(identity), identity)
        let verifier = try await verifier()
        for role in CallerRole.allCases where role != .service {
            #expect(try await verifier.verify(signer.sign(subject: "x", role: role, lifetime: .seconds(60))).role == role.set)
        }
        let token = try signer.sign(subject: "patient", role: .service, lifetime: .seconds(60))
        await #expect(throws: TokenRefusal.wrongScope) { try await verifier.verify(token) }
    }

    @Test(arguments: TokenIssuer.Algorithm.allCases)
    func `no key of a provider speaks for a service, whatever it calls itself`(algorithm: TokenIssuer.Algorithm) async throws {
        let provider = try TokenIssuer()
        let keys = try provider.jwks().replacing(#""kid""#, with: #""hms_service":"patient","kid""#)
        try provider.folder.write(keys, to: "jwks.json")
        let token = try provider.token(algorithm) {
            $0.sub = "patient"
            $0.role = "service"
        }
        await #expect(throws: TokenRefusal.wrongScope) { try await provider.verifier().verify(token) }
    }

    @Test func `a provider's key under the name of a service's takes nobody's place`() async throws {
        let service = try SigningKey(pemFile: identity.serviceKeyFile(of: "patient"))
        let provider = try TokenIssuer()
        let stolenName = try provider.jwks().replacing(#""kid":"ed""#, with: #""kid":"\#(service.id)""#)
        let log = CapturedLog().logger()
        let services = try VerificationKeys(jwks: Array(folder.read("keys/services.json").utf8), of: .services, logger: log)
        let provided = try VerificationKeys(jwks: Array(stolenName.utf8), of: .people, logger: log)
        #expect(provided.count == 3)
        #expect(try services.adding(provided).key(id: service.id, algorithm: "EdDSA").scope == .service("patient"))
        #expect(services.adding(provided).count == 4)
    }

    @Test func `a key whose owner isn't said is nobody's`() async throws {
        let keys = try folder.read("keys/services.json")
        try folder.write(keys.replacing(#""hms_service":"patient","#, with: ""), to: "keys/services.json")
        let token = try signer(of: "patient").sign(subject: "patient", role: .service, lifetime: .seconds(60))
        await #expect(throws: TokenRefusal.unknownKey) { try await verifier().verify(token) }
    }

    @Test func `a service whose key is withdrawn is unknown a second later`() async throws {
        let issuer = try TokenIssuer()
        let verifier = try await TokenVerifier(identity, cacheCapacity: 16, logger: CapturedLog().logger()) { issuer.now }
        let token = try signer(of: "patient").sign(subject: "patient", role: .service, lifetime: .seconds(1_000_000_000))
        #expect(try await verifier.verify(token).subject == "patient")
        try FileManager.default.removeItem(atPath: identity.serviceKeyFile(of: "patient"))
        try ServiceKeys.findOrMake(for: ["patient", "billing"], identity)
        issuer.advance(by: 2)
        await #expect(throws: TokenRefusal.unknownKey) { try await verifier.verify(token) }
    }

    @Test func `a hospital without keys of services starts, says so, and refuses their calls`() async throws {
        let log = CapturedLog()
        try FileManager.default.removeItem(atPath: identity.serviceJWKSFile)
        let verifier = try await TokenVerifier(identity, logger: log.logger())
        #expect(log.lines.contains { $0.contains("no key of a service") })
        let token = try signer(of: "patient").sign(subject: "patient", role: .service, lifetime: .seconds(60))
        await #expect(throws: TokenRefusal.unknownKey) { try await verifier.verify(token) }
    }

    @Test func `a service that was given one key needs no folder of keys`() throws {
        var given = identity
        given.givenServiceKeyFile = "/run/secrets/patient.pem"
        #expect(given.serviceKeyFile(of: "patient") == "/run/secrets/patient.pem")
    }
}

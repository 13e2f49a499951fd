import Foundation
import HMSTestKit
import RPC
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct SigningKeyTests {
    private let folder: TemporaryFolder
    private let identity: IdentityConfiguration

    init() throws {
        folder = try TemporaryFolder()
        identity = IdentityConfiguration(dataFolder: folder.path)
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions] as? Int
    }

    @Test func `a new hospital makes a key that only its owner can read, and publishes its public part`() throws {
        let key = try SigningKey.findOrMake(identity)
        #expect(try mode("keys/signing.pem") == 0o600)
        #expect(try mode("keys") == 0o700)
        #expect(try folder.read("keys/signing.pem").hasPrefix("-----BEGIN PRIVATE KEY-----"))
        let published = try folder.read("keys/jwks.json")
        #expect(published.contains(key.id))
        #expect(!published.contains(#""d""#))
    }

    @Test func `a hospital that has a key keeps it`() throws {
        let key = try SigningKey.findOrMake(identity)
        #expect(try SigningKey.findOrMake(identity).id == key.id)
        try FileManager.default.removeItem(atPath: identity.jwksFile)
        #expect(try SigningKey.findOrMake(identity).id == key.id)
        #expect(FileManager.default.fileExists(atPath: identity.jwksFile))
    }

    @Test func `what the key signs is accepted by whoever has the key set`() async throws {
        let signer = TokenSigner(key: try SigningKey.findOrMake(identity), identity)
        let verifier = try await TokenVerifier(identity, logger: CapturedLog().logger())
        let token = try signer.sign(subject: "doc_1", role: .doctor, lifetime: .seconds(60))
        let principal = try await verifier.verify(token)
        #expect(principal.subject == "doc_1")
        #expect(principal.role == .doctor)
        let late = try signer.sign(subject: "doc_1", role: .doctor, lifetime: .seconds(-1))
        await #expect(throws: TokenRefusal.expired) { try await verifier.verify(late) }
    }

    @Test func `a file that holds no key stops the start`() throws {
        try folder.write("nothing", to: "keys/signing.pem")
        #expect(throws: FileError.self) { try SigningKey.findOrMake(identity) }
    }

    @Test func `a service signs with the key that it was given last, within a second, and where that is broken with the one before`()
        async throws
    {
        try ServiceKeys.findOrMake(for: ["patient"], identity)
        let path = identity.serviceKeyFile(of: "patient")
        let (first, file, start) = (try SigningKey(pemFile: path), SigningKeyFile(path), ContinuousClock.now)
        #expect(try file.key(at: start).id == first.id)
        let second = SigningKey.make()
        try second.write(to: path)
        #expect(try file.key(at: start + .milliseconds(999)).id == first.id)
        #expect(try file.key(at: start + .seconds(1)).id == second.id)
        try folder.write("nothing", to: "keys/services/patient.pem")
        #expect(try file.key(at: start + .seconds(2)).id == second.id)
        try first.write(to: path)
        #expect(try file.key(at: start + .seconds(3)).id == first.id)
        #expect(throws: FileError.self) { try SigningKeyFile(path + ".none").key() }
    }

    @Test func `a service's own token is the same until half of its life is over`() async throws {
        _ = try SigningKey.findOrMake(identity)
        try ServiceKeys.findOrMake(for: ["patient"], identity)
        let token = ServiceToken(service: "patient", identity: identity)
        let verifier = try await TokenVerifier(identity, logger: CapturedLog().logger())
        #expect(try token.token() == token.token())
        #expect(try await verifier.verify(token.token()).role == .service)
        #expect(try await verifier.verify(token.token()).subject == "patient")
        let brief = ServiceToken(service: "patient", identity: identity, lifetime: .zero)
        _ = try brief.token()
        await #expect(throws: TokenRefusal.expired) { try await verifier.verify(brief.token()) }
    }
}

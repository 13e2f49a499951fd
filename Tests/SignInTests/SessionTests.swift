import Foundation
import HMSTestKit
import Logging
import RPC
import ServiceKit
import Testing

@testable import SignIn

/// How long somebody is signed in, and what ends it.
@Suite struct SessionTests {
    private let start = ContinuousClock.now

    private struct House {
        let identity: IdentityConfiguration
        let file: UserFile
        let sessions: Sessions

        func user(_ name: String) throws -> UserAccount {
            try #require(try file.read().first { $0.name == name })
        }
    }

    private func withHouse(_ change: (inout SessionRules) -> Void = { _ in }, _ body: (House) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sessions-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let identity = IdentityConfiguration(dataFolder: folder)
        _ = try SigningKey.findOrMake(identity)
        let file = UserFile("\(folder)/keys/users.json", cost: PasswordTests.cheap)
        try file.add("asha", role: .reception, doctorID: nil, password: "correct horse battery")
        var rules = SessionRules()
        change(&rules)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await body(
            House(identity: identity, file: file, sessions: Sessions(rules, identity, users: UserDirectory(file, logger: quiet))))
    }

    private func provided(_ subject: String) -> SignedInPerson {
        SignedInPerson(subject: subject, role: .billing, name: subject, source: .provider)
    }

    @Test func `a session speaks by a token that every service accepts`() async throws {
        try await withHouse { house async throws in
            let secret = try await house.sessions.open(for: SignedInPerson(try house.user("asha")))
            let (person, token) = try #require(try await house.sessions.session(of: secret))
            #expect(person.subject == "asha" && person.role == .reception)
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let principal = try await TokenVerifier(house.identity, logger: quiet).verify(token)
            #expect(principal.subject == "asha" && principal.role == .reception)
            #expect(token != secret && !token.contains(secret))
        }
    }

    @Test func `it ends after half an hour without a request, and after twelve hours in any case`() async throws {
        try await withHouse { house async throws in
            let resting = try await house.sessions.open(for: provided("a"), at: start)
            #expect(try await house.sessions.session(of: resting, at: start + .seconds(1_799)) != nil)
            #expect(try await house.sessions.session(of: resting, at: start + .seconds(1_799 + 1_800)) == nil)
            #expect(try await house.sessions.session(of: resting, at: start + .seconds(1_799)) == nil)
            let busy = try await house.sessions.open(for: provided("a"), at: start)
            for minute in stride(from: 20, to: 720, by: 20) {
                #expect(try await house.sessions.session(of: busy, at: start + .seconds(minute * 60)) != nil)
            }
            #expect(try await house.sessions.session(of: busy, at: start + .seconds(12 * 3_600)) == nil)
        }
    }

    @Test func `who signs out is out, and nobody else`() async throws {
        try await withHouse { house async throws in
            let (one, two) = (try await house.sessions.open(for: provided("a")), try await house.sessions.open(for: provided("a")))
            try await house.sessions.close(one)
            #expect(try await house.sessions.session(of: one) == nil)
            #expect(try await house.sessions.session(of: two) != nil)
        }
    }

    @Test(arguments: ["another password", "disabled", "taken out"])
    func `a session ends with the word that it stands on`(change: String) async throws {
        try await withHouse { house async throws in
            let secret = try await house.sessions.open(for: SignedInPerson(try house.user("asha")))
            switch change {
            case "another password": try house.file.setPassword(of: "asha", "another horse battery")
            case "disabled": try house.file.setDisabled(true, "asha")
            default: try FileManager.default.removeItem(atPath: house.file.path)
            }
            #expect(try await house.sessions.session(of: secret) == nil)
        }
    }

    @Test func `a revoked subject's sessions get no token that is accepted, and a later one does`() async throws {
        try await withHouse { house async throws in
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let old = try await house.sessions.open(for: provided("a"))
            try await Task.sleep(for: .milliseconds(5))
            try TokenRevocation.revoke(subject: "a", house.identity)
            try await Task.sleep(for: .milliseconds(5))
            let new = try await house.sessions.open(for: provided("a"))
            let verifier = try await TokenVerifier(house.identity, logger: quiet)
            let (oldToken, newToken) = (
                try #require(try await house.sessions.session(of: old)), try #require(try await house.sessions.session(of: new))
            )
            await #expect(throws: TokenRefusal.revoked) { try await verifier.verify(oldToken.token) }
            #expect(try await verifier.verify(newToken.token).subject == "a")
            // Nor does the renewed token of the old session.
            let later = try #require(try await house.sessions.session(of: old, at: .now + .seconds(200)))
            await #expect(throws: TokenRefusal.revoked) { try await verifier.verify(later.token) }
        }
    }

    @Test func `one person has so many sessions, and all together so many`() async throws {
        try await withHouse({ ($0.ofPerson, $0.count) = (2, 4) }) { house async throws in
            var own: [String] = []
            for second in 0..<3 { own.append(try await house.sessions.open(for: provided("a"), at: start + .seconds(second))) }
            #expect(try await house.sessions.session(of: own[0], at: start + .seconds(10)) == nil)
            #expect(try await house.sessions.session(of: own[1], at: start + .seconds(11)) != nil)
            for number in 0..<10 { _ = try await house.sessions.open(for: provided("\(number)"), at: start + .seconds(20 + number)) }
            #expect(house.sessions.count == 4)
        }
    }

    @Test func `a secret that nobody was given opens nothing`() async throws {
        try await withHouse { house async throws in
            for secret in ["", "a", Sessions.secret()] { #expect(try await house.sessions.session(of: secret) == nil) }
        }
    }

    @Test func `without a key to sign with nobody is signed in`() async throws {
        try await withHouse { house async throws in
            try FileManager.default.removeItem(atPath: house.identity.signingKeyFile)
            await #expect(throws: FileError.self) { try await house.sessions.open(for: provided("a")) }
            #expect(house.sessions.count == 0)
        }
    }
}

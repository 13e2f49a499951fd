import Foundation
import HMSTestKit
import Logging
import ServiceKit
import Testing

@testable import SignIn

/// How the secrets of second factors lie in the file of users.
@Suite(.timeLimit(.minutes(10))) struct SecondFactorSecretTests {
    private static let password = "correct horse battery"

    private let folder: TemporaryFolder
    private let keys: SealingKeyFile
    private let log = CapturedLog()

    init() throws {
        folder = try TemporaryFolder()
        keys = SealingKeyFile("\(folder.path)/keys/sealing.json")
        try keys.findOrMake()
    }

    /// As another process has it, which reads the keys anew.
    private func file(settling: Duration = .zero) -> UserFile {
        UserFile("\(folder.path)/keys/users.json", seal: SecretSeal(keys, settling: settling), cost: PasswordTests.cheap)
    }

    /// With a second factor each.
    private func addUsers(_ names: String...) throws -> [SecondFactorEnrolment] {
        try names.map { name in
            try file().add(name, role: .reception, doctorID: nil, password: Self.password)
            return try file().enrolSecondFactor(of: name)
        }
    }

    private func text() throws -> String { try String(contentsOfFile: file().path, encoding: .utf8) }

    private func rewrite(_ change: (inout [String: Any]) throws -> Void) throws {
        let path = URL(filePath: file().path)
        var content = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
        try change(&content)
        try JSONSerialization.data(withJSONObject: content).write(to: path)
    }

    private func secret(of name: String) throws -> FactorSecret {
        try #require(try file().read().first { $0.name == name }?.secondFactor?.secret)
    }

    private func isSealed(_ name: String) throws -> Bool {
        if case .sealed = try secret(of: name) { true } else { false }
    }

    private func code(of name: String) throws -> String {
        let opened = try FactorSecrets(seal: SecretSeal(keys)).open(secret(of: name), of: name)
        return OneTimeCode.code(opened, step: OneTimeCode.step(at: UserFile.now()))
    }

    private func signIn(_ name: String, _ code: String?) async throws -> SignInOutcome {
        let users = UserDirectory(file(), logger: log.logger())
        let desk = try PasswordDesk(users, cost: PasswordTests.cheap, logger: log.logger())
        return await desk.signIn(SignInAttempt(name: name, password: Self.password, code: code, address: "a"))
    }

    private func expectIn(_ name: String, _ code: String?) async throws {
        let outcome = try await signIn(name, code)
        guard case .person = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    /// A file as a version before this one has left it.
    private func asBefore() throws {
        try file().openSecrets()
        try rewrite { $0["seals_from"] = nil }
    }

    @Test func `the file tells no secret, and its codes are taken`() async throws {
        let enrolment = try addUsers("asha")[0]
        let opened = try FactorSecrets(seal: SecretSeal(keys)).open(secret(of: "asha"), of: "asha")
        #expect(Base32.encode(Array(opened)) == enrolment.secret)
        let stored = try text().replacing("\\/", with: "/")
        #expect(!stored.contains(enrolment.secret) && !stored.contains(opened.base64EncodedString()) && !stored.contains("\"secret\""))
        let code = try code(of: "asha")
        try await expectIn("asha", code)
        #expect(try await signIn("asha", code) == .refused)
    }

    @Test func `a secret that was put beside another user opens nothing there`() async throws {
        _ = try addUsers("asha", "ravi")
        let asha = try code(of: "asha")
        try rewrite { content in
            var users = try #require(content["users"] as? [[String: Any]])
            users[1]["second_factor"] = users[0]["second_factor"]
            content["users"] = users
        }
        #expect(try await signIn("ravi", asha) == .secondFactorUnopened)
        #expect(try await signIn("ravi", nil) == .codeWanted)
    }

    @Test func `without the key a code of an app is not taken, one on paper is, and the log says why`() async throws {
        let enrolment = try addUsers("asha")[0]
        let code = try code(of: "asha")
        let kept = try Data(contentsOf: URL(filePath: keys.path))
        try FileManager.default.removeItem(atPath: keys.path)
        #expect(try await signIn("asha", code) == .secondFactorUnopened)
        #expect(try await signIn("asha", nil) == .codeWanted)
        #expect(try await signIn("asha", "nonsense") == .refused)
        try await expectIn("asha", enrolment.recoveryCodes[0])
        // Nor with another one in its place.
        try keys.findOrMake()
        #expect(try await signIn("asha", code) == .secondFactorUnopened)
        #expect(log.lines.contains { $0.contains("no codes of an app are taken for them") && $0.contains("sealing.json") })
        #expect(log.lines.contains { $0.contains("A code can't be checked") && $0.contains("sealing.json") })
        #expect(!log.lines.contains { $0.contains(enrolment.secret) || $0.contains(code) })
        #expect(try isSealed("asha"), "what can't be opened is not lost by what is written meanwhile")
        try kept.write(to: URL(filePath: keys.path))
        try await expectIn("asha", code)
    }

    @Test func `a file of keys that is none opens nothing, and nothing is lost`() async throws {
        let enrolment = try addUsers("asha")[0]
        try Data("{}".utf8).write(to: URL(filePath: keys.path))
        #expect(try await signIn("asha", "123456") == .secondFactorUnopened)
        try await expectIn("asha", enrolment.recoveryCodes[0])
        #expect(try isSealed("asha"))
    }

    @Test func `a new key closes all secrets at the next write`() async throws {
        _ = try addUsers("asha", "ravi")
        let before = [try secret(of: "asha"), try secret(of: "ravi")]
        try keys.rotate()
        try file().unlock("ravi")
        let after = [try secret(of: "asha"), try secret(of: "ravi")]
        #expect(before[0] != after[0] && before[1] != after[1])
        try file().unlock("ravi")
        #expect(try [secret(of: "asha"), secret(of: "ravi")] == after, "and stays as it is")
        try await expectIn("asha", code(of: "asha"))
    }

    @Test func `a key that others may not have yet closes nothing`() throws {
        _ = try addUsers("asha")
        let before = try secret(of: "asha")
        try keys.rotate()
        try file(settling: .seconds(300)).unlock("asha")
        #expect(try secret(of: "asha") == before)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -301)], ofItemAtPath: keys.path)
        try file(settling: .seconds(300)).unlock("asha")
        #expect(try secret(of: "asha") != before)
    }

    @Test func `where there is no key secrets stay as they are, which is said, and are closed once there is one`() async throws {
        try FileManager.default.removeItem(atPath: keys.path)
        _ = try addUsers("asha")
        #expect(try !isSealed("asha"))
        try await expectIn("asha", code(of: "asha"))
        #expect(log.lines.contains { $0.contains("because there is no key to seal them") })
        try keys.findOrMake()
        try file().unlock("asha")
        #expect(try isSealed("asha"))
    }

    // MARK: The version before

    /// What it reads of a second factor.
    private struct Before: Decodable {
        struct User: Decodable {
            struct Factor: Decodable {
                let secret: Data
                let recovery: [Data]
            }

            let name: String
            let second_factor: Factor?
        }

        let users: [User]
    }

    private func readByBefore() throws -> [Before.User] {
        try JSONDecoder().decode(Before.self, from: Data(contentsOf: URL(filePath: file().path))).users
    }

    @Test func `what a version before has written it can read for a day yet, and then it is closed at the next write`() async throws {
        _ = try addUsers("asha")
        try asBefore()
        try await expectIn("asha", code(of: "asha"))
        _ = try addUsers("ravi")
        #expect(try readByBefore().map { $0.second_factor?.secret.count } == [20, 20])
        try rewrite { $0["seals_from"] = UserFile.now() - 1 }
        try file().unlock("asha")
        #expect(try isSealed("asha") && isSealed("ravi"))
        #expect(throws: DecodingError.self) { try readByBefore() }
    }

    @Test func `its day begins anew where that version has written the file again`() throws {
        _ = try addUsers("asha")
        try asBefore()
        try file().unlock("asha")
        let begun = try #require(try file().readContent().sealsFrom)
        #expect(abs(begun - UserFile.now() - UserFile.graceSeconds) < 600)
        try file().unlock("asha")
        #expect(try file().readContent().sealsFrom == begun)
        try rewrite { $0["seals_from"] = nil }
        try file().unlock("asha")
        #expect(try file().readContent().sealsFrom != nil && !isSealed("asha"))
    }

    @Test func `an operator closes secrets before their time, or opens them to go back`() async throws {
        _ = try addUsers("asha", "ravi")
        try file().openSecrets()
        #expect(try readByBefore().count == 2 && !file().holdsSealedSecrets())
        #expect(try file().sealSecrets() == (2, 0) && file().holdsSealedSecrets())
        #expect(try isSealed("asha") && isSealed("ravi"))
        try FileManager.default.removeItem(atPath: keys.path)
        #expect(try file().sealSecrets() == (0, 2))
        #expect(throws: FactorUnopened.self) { try file().openSecrets() }
        #expect(try isSealed("asha") && isSealed("ravi"))
    }

    @Test func `where there are no users, none are made by closing their secrets`() throws {
        #expect(try file().sealSecrets() == (0, 0))
        try file().openSecrets()
        #expect(!FileManager.default.fileExists(atPath: file().path))
    }

    @Test(arguments: [#""sealed":"""#, #""secret":"AAAA""#, #""last_step":1"#])
    func `a second factor without a secret makes the file none of ours, rather than somebody without one`(field: String) throws {
        _ = try addUsers("asha")
        let user = try text().replacing(#/"sealed" : "[^"]*"/#, with: field)
        try user.write(toFile: file().path, atomically: true, encoding: .utf8)
        #expect(throws: FileError.self) { try file().read() }
    }
}

import Foundation
import Logging
import ServiceKit
import Testing

@testable import SignIn

/// Passwords that their owners choose, codes beside them, and what a try comes to.
@Suite struct ChosenPasswordTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let old = "correct horse battery"
    private let chosen = "another horse battery"

    private func withDesk(_ roles: Set<CallerRole> = [], _ body: (PasswordDesk, UserFile) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "chosen-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = UserFile("\(folder)/keys/users.json", cost: PasswordTests.cheap)
        try file.add("asha", role: .reception, doctorID: nil, password: old)
        try file.add("root", role: .admin, doctorID: nil, password: old)
        let users = UserDirectory(file, logger: quiet)
        try await body(try PasswordDesk(users, cost: PasswordTests.cheap, rolesWithSecondFactor: roles, logger: quiet), file)
    }

    private func attempt(_ name: String, _ password: String, _ code: String? = nil) -> SignInAttempt {
        SignInAttempt(name: name, password: password, code: code, address: "a")
    }

    private func user(_ name: String, in file: UserFile) throws -> UserAccount {
        try #require(try file.read().first { $0.name == name })
    }

    /// The directory looks once a second.
    private func eventually(_ desk: PasswordDesk, _ attempt: SignInAttempt, _ outcome: (SignInOutcome) -> Bool) async throws {
        while !outcome(await desk.signIn(attempt)) { try await Task.sleep(for: .milliseconds(50)) }
    }

    @Test func `who knows his password chooses another one, once`() async throws {
        try await withDesk { desk, file in
            let before = try user("asha", in: file).revision
            guard case .person(let person) = await desk.choosePassword(chosen, attempt("asha", old)) else {
                Issue.record("it was not taken")
                return
            }
            let account = try user("asha", in: file)
            #expect(person == SignedInPerson(account) && account.revision == before + 1)
            #expect(try account.password.matches(chosen) && !account.password.matches(old))
            #expect(await desk.choosePassword("a third horse battery", attempt("asha", "wrong wrong wrong")) == .refused)
            #expect(await desk.choosePassword("a third horse battery", attempt("nobody", old)) == .refused)
        }
    }

    @Test(arguments: [
        "short", "password1234567", "asha asha asha and more", "aaaaaaaaaaaaaaaa", "correct horse battery", "Football!!!2026!!",
        "correcthorsebatterystaple",
    ])
    func `what is tried first, or is the old one, is not taken, and costs no try`(bad: String) async throws {
        try await withDesk { desk, file in
            let before = try user("asha", in: file)
            for _ in 0..<10 {
                guard case .badPassword = await desk.choosePassword(bad, attempt("asha", old)) else {
                    Issue.record("it was taken")
                    return
                }
            }
            #expect(try user("asha", in: file) == before)
        }
    }

    @Test func `wrong old passwords count as wrong passwords of a sign-in`() async throws {
        try await withDesk { desk, _ in
            for _ in 0..<5 { #expect(await desk.choosePassword(chosen, attempt("asha", "wrong wrong wrong")) == .refused) }
            guard case .wait = await desk.signIn(attempt("asha", old)) else {
                Issue.record("they were not counted")
                return
            }
        }
    }

    @Test func `a password that was made for somebody lets him choose his own, and nothing else, for three days`() async throws {
        try await withDesk { desk, file in
            let made = try file.setOneTimePassword(of: "asha")
            try await eventually(desk, attempt("asha", made)) { $0 == .passwordChangeRequired }
            guard case .person = await desk.choosePassword(chosen, attempt("asha", made)) else {
                Issue.record("it was not taken")
                return
            }
            #expect(try user("asha", in: file).oneTimeUntil == nil)
            try await eventually(desk, attempt("asha", chosen)) { if case .person = $0 { true } else { false } }
            // One that nobody has used in time.
            let late = try file.setOneTimePassword(of: "root")
            let text = try String(contentsOfFile: file.path, encoding: .utf8)
            try text.replacing(#/"one_time_until" : [0-9.]+/#, with: "\"one_time_until\" : 1").write(
                toFile: file.path, atomically: true, encoding: .utf8)
            try await eventually(desk, attempt("root", late)) { $0 == .refused }
            #expect(await desk.choosePassword(chosen, attempt("root", late)) == .refused)
        }
    }

    @Test func `a code is wanted beside the password, is taken once, and a wrong one counts as a wrong password`() async throws {
        try await withDesk { desk, file in
            let enrolment = try file.enrolSecondFactor(of: "asha")
            #expect(enrolment.link.hasPrefix("otpauth://totp/Hospital:asha?secret=\(enrolment.secret)&issuer=Hospital"))
            try await eventually(desk, attempt("asha", old)) { $0 == .codeWanted }
            // The password alone takes back nothing of what is counted.
            #expect(
                await desk.signIn(attempt("asha", old, enrolment.recoveryCodes[0])) == .person(SignedInPerson(try user("asha", in: file))))
            #expect(await desk.signIn(attempt("asha", old, enrolment.recoveryCodes[0])) == .refused)
            for _ in 0..<3 { #expect(await desk.signIn(attempt("asha", old, "000")) == .refused) }
            #expect(await desk.signIn(attempt("asha", old)) == .codeWanted)
            guard case .wait = await desk.signIn(attempt("asha", old, enrolment.recoveryCodes[1])) else {
                Issue.record("wrong codes were not counted")
                return
            }
        }
    }

    @Test func `a role that needs a second factor is not let in by a password alone`() async throws {
        try await withDesk([.admin]) { desk, file in
            #expect(await desk.signIn(attempt("root", old)) == .secondFactorMissing)
            guard case .person = await desk.signIn(attempt("asha", old)) else {
                Issue.record("another role was refused")
                return
            }
            // Nor by a password that he has just chosen.
            #expect(await desk.choosePassword(chosen, attempt("root", old)) == .secondFactorMissing)
            let codes = try file.enrolSecondFactor(of: "root").recoveryCodes
            try await eventually(desk, attempt("root", chosen)) { $0 == .codeWanted }
            #expect(await desk.signIn(attempt("root", chosen, codes[0])) == .person(SignedInPerson(try user("root", in: file))))
        }
    }

    @Test func `a code that can't be noted as used is not taken`() async throws {
        try await withDesk { desk, file in
            let codes = try file.enrolSecondFactor(of: "asha").recoveryCodes
            try await eventually(desk, attempt("asha", old)) { $0 == .codeWanted }
            // Nobody can make a draft where a folder lies.
            try FileManager.default.createDirectory(atPath: "\(file.path).\(getpid()).new", withIntermediateDirectories: true)
            #expect(await desk.signIn(attempt("asha", old, codes[0])) == .unwritable)
            #expect(await desk.choosePassword(chosen, attempt("root", old)) == .unwritable)
        }
    }
}

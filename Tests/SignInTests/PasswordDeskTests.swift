import Foundation
import HMSTestKit
import Logging
import ServiceKit
import Testing

@testable import SignIn

/// What a try to sign in comes to, and what it counts for.
@Suite struct PasswordDeskTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withUsers(_ body: (UserDirectory) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "desk-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = UserFile("\(folder)/keys/users.json", cost: PasswordTests.cheap)
        try file.add("asha", role: .reception, doctorID: nil, password: "correct horse battery")
        try await body(UserDirectory(file, logger: quiet))
    }

    @Test func `who comes while too many wait has tried nothing, and what was counted before stays`() async throws {
        try await withUsers { users async throws in
            let throttle = SignInThrottle()
            let desk = try PasswordDesk(users, throttle: throttle, cost: PasswordTests.cheap, logger: quiet)
            let full = try PasswordDesk(users, throttle: throttle, cost: PasswordTests.cheap, mostWaiting: 0, logger: quiet)
            for _ in 0..<4 { #expect(await desk.signIn(SignInAttempt(name: "asha", password: "wrong", address: "a")) == .refused) }
            for _ in 0..<10 { #expect(await full.signIn(SignInAttempt(name: "asha", password: "wrong", address: "a")) == .crowded) }
            #expect(await desk.signIn(SignInAttempt(name: "asha", password: "wrong", address: "a")) == .refused)
            guard case .wait = await desk.signIn(SignInAttempt(name: "asha", password: "correct horse battery", address: "a")) else {
                Issue.record("the failures were forgotten")
                return
            }
        }
    }

    @Test func `who has to wait takes nobody's place`() async throws {
        try await withUsers { users async throws in
            let desk = try PasswordDesk(users, cost: PasswordTests.cheap, mostWaiting: 1, logger: quiet)
            for _ in 0..<5 { #expect(await desk.signIn(SignInAttempt(name: "asha", password: "wrong", address: "a")) == .refused) }
            for _ in 0..<5 { #expect(await desk.signIn(SignInAttempt(name: "asha", password: "wrong", address: "a")) != .crowded) }
            guard case .person = await desk.signIn(SignInAttempt(name: "asha", password: "correct horse battery", address: "b")) else {
                Issue.record("the place was not given back")
                return
            }
        }
    }
}

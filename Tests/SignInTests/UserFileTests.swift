import Foundation
import Logging
import ServiceKit
import Testing

@testable import SignIn

/// The hospital's own users: what the command writes, and the shim reads.
@Suite struct UserFileTests {
    private static func withFile(_ body: (UserFile) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "users-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(UserFile("\(folder)/keys/users.json", cost: PasswordTests.cheap))
    }

    @Test func `a user is added once, under a name in any case, and is there for others to read`() throws {
        try Self.withFile { file in
            #expect(try file.read().isEmpty)
            try file.add("Asha.Rao", role: .reception, doctorID: nil, password: "correct horse battery")
            #expect(throws: UserRefusal.exists("asha.rao")) {
                try file.add("asha.rao", role: .admin, doctorID: nil, password: "correct horse battery")
            }
            let user = try #require(try file.read().first)
            #expect(user.name == "asha.rao" && user.role == .reception && user.subject == "asha.rao" && !user.isDisabled)
            #expect(try user.password.matches("correct horse battery"))
        }
    }

    @Test func `the file is for its owner's eyes only and holds no password`() throws {
        try Self.withFile { file in
            try file.add("asha", role: .reception, doctorID: nil, password: "correct horse battery")
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try !String(contentsOfFile: file.path, encoding: .utf8).contains("horse"))
        }
    }

    @Test func `a doctor signs in as the doctor that he is`() throws {
        try Self.withFile { file in
            #expect(throws: UserRefusal.doctorWithoutID) {
                try file.add("meera", role: .doctor, doctorID: nil, password: "correct horse battery")
            }
            try file.add("meera", role: .doctor, doctorID: "doc_1", password: "correct horse battery")
            #expect(try file.read().first?.subject == "doc_1")
        }
    }

    @Test func `nobody is added as a service, or with a name that is none, or with a bad password`() throws {
        try Self.withFile { file in
            #expect(throws: UserRefusal.self) { try file.add("patient", role: .service, doctorID: nil, password: "correct horse battery") }
            for name in ["", "a b", "a/b", "ä", String(repeating: "a", count: 65), "a\nb"] {
                #expect(throws: UserRefusal.self) { try file.add(name, role: .admin, doctorID: nil, password: "correct horse battery") }
            }
            #expect(throws: UserRefusal.self) { try file.add("asha", role: .admin, doctorID: nil, password: "short") }
            let users = try file.read()
            #expect(users.isEmpty)
        }
    }

    @Test func `a file that makes somebody a service, or costs more memory than there is, is refused whole`() throws {
        try Self.withFile { file in
            try file.add("asha", role: .admin, doctorID: nil, password: "correct horse battery")
            let text = try String(contentsOfFile: file.path, encoding: .utf8)
            for (good, bad) in [("\"admin\"", "\"service\""), ("\"logRounds\" : 4", "\"logRounds\" : 40")] {
                #expect(text.contains(good))
                try text.replacing(good, with: bad).write(toFile: file.path, atomically: true, encoding: .utf8)
                #expect(throws: FileError.self) { try file.read() }
            }
        }
    }

    @Test func `changes of several commands at once are all kept`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "users-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = UserFile("\(folder)/users.json", cost: PasswordTests.cheap)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask { try file.add("user\(number)", role: .billing, doctorID: nil, password: "correct horse battery") }
            }
            try await group.waitForAll()
        }
        #expect(try file.read().count == 16)
    }

    @Test func `who is unknown can't be changed`() throws {
        try Self.withFile { file in
            #expect(throws: UserRefusal.unknown("asha")) { try file.setDisabled(true, "asha") }
            #expect(throws: UserRefusal.unknown("asha")) { try file.setPassword(of: "asha", "correct horse battery") }
            #expect(throws: UserRefusal.unknown("asha")) { try file.unlock("asha") }
        }
    }
}

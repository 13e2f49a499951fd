import Foundation
import ProcessDriving
import ServiceKit
import SignIn
import Testing

@testable import RESTShim

/// Passwords that people choose at the page or by a program, and codes that they type.
@Suite(.timeLimit(.minutes(10))) struct ChosenPasswordPageTests {
    private static let chosen = "another horse battery"

    private func choose(
        _ house: SignedInShim, _ name: String, _ password: String = SignedInShim.password, _ chosen: String = chosen,
        _ fields: [String: String] = [:]
    ) async throws -> Answer {
        let body = try JSONSerialization.data(withJSONObject: ["name": name, "password": password, "new_password": chosen])
        return try await house.ask("POST", "/session/password", fields, body: String(decoding: body, as: UTF8.self))
    }

    private func cookie(of answer: Answer) -> String { String((answer["Set-Cookie"] ?? "").prefix { $0 != ";" }) }

    @Test func `who chooses a password is signed in, and his other sessions end at every shim`() async throws {
        try await SignedInShim.runTwo(try await CacheServer.start()) { one, two async throws in
            let (here, elsewhere, other) = (try await one.cookie(), try await two.cookie(), try await two.cookie(of: "meera"))
            let answer = try await choose(one, "asha", SignedInShim.password, Self.chosen, ["Cookie": here])
            #expect(answer.status == 201 && answer.json["subject"] as? String == "asha")
            let new = cookie(of: answer)
            // The other shim has not looked at the users yet, and takes the new session's word that there is something new.
            for shim in [two, one] {
                #expect(try await shim.ask("GET", "/session", ["Cookie": new]).status == 200)
                for old in [here, elsewhere] { #expect(try await shim.ask("GET", "/session", ["Cookie": old]).status == 401) }
                #expect(try await shim.ask("GET", "/session", ["Cookie": other]).status == 200)
            }
            #expect(try await two.signIn("asha").status == 401)
            #expect(try await two.signIn("asha", Self.chosen).status == 201)
        }
    }

    @Test func `what can be no password is refused with a sentence, and no answer repeats one`() async throws {
        try await SignedInShim.run { house async throws in
            for bad in ["short", "password1234567", SignedInShim.password] {
                let answer = try await choose(house, "asha", SignedInShim.password, bad)
                #expect(answer.status == 422 && answer.code == "BAD_PASSWORD" && !answer.text.contains(bad))
            }
            let wrong = try await choose(house, "asha", "wrong wrong wrong")
            #expect(wrong.status == 401 && wrong.code == "SIGN_IN_FAILED" && wrong["Set-Cookie"] == nil)
            #expect(try await choose(house, "asha", SignedInShim.password, Self.chosen, ["Origin": "https://evil.example"]).status == 403)
            #expect(try await house.signIn("asha").status == 201)
            #expect(!house.shim.log.all.contains("horse"))
        }
    }

    @Test func `the page asks for the old one and twice for the new one`() async throws {
        try await SignedInShim.run { house async throws in
            let page = try await house.ask("GET", "/session/password?return_to=/ops", ["Cookie": try await house.cookie()])
            #expect(page.status == 200 && page.text.contains(#"action="/session/password""#) && page.text.contains(#"value="asha""#))
            #expect(page.text.contains(#"value="/ops""#) && !page.text.contains("{{") && !page.text.contains("<script"))
            var form = [
                ("name", "asha"), ("password", SignedInShim.password), ("new_password", Self.chosen), ("again", "x"), ("return_to", "/ops"),
            ]
            let two = try await house.sendForm(form, to: "/session/password")
            #expect(two.status == 422 && two.text.contains("Those are two passwords.") && !two.text.contains("horse"))
            form[3].1 = Self.chosen
            let answer = try await house.sendForm(form, to: "/session/password")
            #expect(answer.status == 303 && answer["Location"] == "/ops" && answer["Set-Cookie"] != nil)
        }
    }

    @Test func `a password that was made for somebody leads to the page where he chooses his own`() async throws {
        try await SignedInShim.run { house async throws in
            let made = try house.users.addWithOneTimePassword("ravi", role: .billing, doctorID: nil)
            var answer = try await house.signIn("ravi", made)
            while answer.status == 401 { answer = try await house.signIn("ravi", made) }
            #expect(answer.status == 403 && answer.code == "PASSWORD_CHANGE_REQUIRED" && answer["Set-Cookie"] == nil)
            let page = try await house.sendForm([("name", "ravi"), ("password", made)])
            #expect(page.status == 403 && page.text.contains(#"action="/session/password""#) && page.text.contains(#"value="ravi""#))
            #expect(page["Set-Cookie"] == nil && !page.text.contains(made))
            #expect(try await choose(house, "ravi", made).status == 201)
            #expect(try await house.signIn("ravi", Self.chosen).status == 201)
        }
    }

    @Test func `a second factor is asked for by name, and an administrator can be held to have one`() async throws {
        try await SignedInShim.run(configure: { $0.signIn?.rolesWithSecondFactor = [.admin] }) { house async throws in
            #expect(try await house.signIn("root").code == "SECOND_FACTOR_MISSING")
            let codes = try house.users.enrolSecondFactor(of: "root").recoveryCodes
            var answer = try await house.signIn("root")
            while answer.code == "SECOND_FACTOR_MISSING" { answer = try await house.signIn("root") }
            #expect(answer.status == 401 && answer.code == "SECOND_FACTOR_REQUIRED" && answer["Set-Cookie"] == nil)
            let form = [("name", "root"), ("password", SignedInShim.password), ("code", codes[0]), ("return_to", "/ops")]
            #expect(try await house.sendForm(form).status == 303)
            #expect(try await house.sendForm(form).status == 401)
        }
    }
}

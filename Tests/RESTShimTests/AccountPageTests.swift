import Foundation
import ProcessDriving
import ServiceKit
import Testing

@testable import RESTShim
@testable import SignIn

/// What people who are signed in do about their own password and their second factor.
@Suite(.timeLimit(.minutes(10))) struct AccountPageTests {
    /// Somebody's browser.
    private final class Browser {
        let house: SignedInShim
        private(set) var cookie: String

        init(_ house: SignedInShim, _ name: String = "asha") async throws {
            self.house = house
            cookie = try await house.cookie(of: name)
        }

        func get(_ path: String = "/account") async throws -> Answer { try await house.ask("GET", path, ["Cookie": cookie]) }

        /// Keeps what cookie it is given.
        func send(
            _ fields: [(String, String)], to path: String, _ says: [String: String] = SignedInShim.here, at other: SignedInShim? = nil
        ) async throws -> Answer {
            let answer = try await (other ?? house).sendForm(fields, says.merging(["Cookie": cookie]) { $1 }, to: path)
            if let field = answer["Set-Cookie"] { cookie = String(field.prefix { $0 != ";" }) }
            return answer
        }

        /// Asks for a key, and answers it as an app has it, and as it lies in the form.
        func offered(_ fields: [(String, String)] = [("password", SignedInShim.password)]) async throws -> (key: Data, offer: String) {
            let page = try await send(fields, to: "/account/second-factor")
            try #require(page.status == 200, "\(page.text)")
            let key = try #require(page.text.firstMatch(of: /<code>([A-Z2-7 ]+)<\/code>/)).output.1
            let offer = try #require(page.text.firstMatch(of: /name="offer" value="([A-Za-z0-9_-]+)"/)).output.1
            #expect(page.text.contains("otpauth://totp/Hospital:") && page.text.contains(key.filter { $0 != " " }))
            return (AccountPageTests.bytes(String(key)), String(offer))
        }

        /// Turns the second factor on, and answers the codes for paper.
        func turnOn(_ fields: [(String, String)] = [("password", SignedInShim.password)]) async throws -> [String] {
            let (key, offer) = try await offered(fields)
            let page = try await send([("offer", offer), ("code", AccountPageTests.code(key))], to: "/account/second-factor/on")
            try #require(page.status == 200, "\(page.text)")
            return page.text.matches(of: /<code>([a-z1-9-]+)<\/code>/).map { String($0.output.1) }
        }
    }

    /// RFC 4648, 6.
    private static func bytes(_ base32: String) -> Data {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = base32.compactMap { letters.firstIndex(of: $0) }.flatMap { letter in (0..<5).map { letter >> (4 - $0) & 1 } }
        return Data(stride(from: 0, to: bits.count - 7, by: 8).map { bits[$0..<$0 + 8].reduce(0) { $0 << 1 | UInt8($1) } })
    }

    /// What an app shows now.
    private static func code(_ key: Data) -> String { OneTimeCode.code(key, step: OneTimeCode.step(at: UserFile.now())) }

    private static func user(_ house: SignedInShim, _ name: String = "asha") throws -> UserAccount {
        try #require(try house.users.read().first { $0.name == name })
    }

    // MARK: The page

    @Test func `the page says who somebody is and what he has, works without a script, and is for who is signed in`() async throws {
        try await SignedInShim.run { house async throws in
            let nobody = try await house.ask("GET", "/account")
            #expect(nobody.status == 303 && nobody["Location"] == "/sign-in?return_to=/account" && nobody["Cache-Control"] == "no-store")
            let page = try await Browser(house).get()
            #expect(page.status == 200 && page["Cache-Control"] == "no-store" && page["Referrer-Policy"] == "same-origin")
            #expect(page.text.contains("asha") && page.text.contains("reception") && page.text.contains(#"<span class="state">off</span>"#))
            #expect(!page.text.contains("<script") && !page.text.contains("{{") && !page.text.contains("/ops"))
            let ids = page.text.matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) }
            #expect(ids.count == 5 && Set(ids).count == 5)
            #expect(ids.allSatisfy { page.text.contains("for=\"\($0)\"") })
            #expect(try #require(page["Content-Security-Policy"]).contains("default-src 'none'"))
        }
    }

    @Test func `who signs in elsewhere changes nothing here`() {
        let person = SignedInPerson(subject: "asha", role: .admin, name: "A<b>", source: .provider)
        let page = AccountPage(person: person, codesLeft: nil, needsSecondFactor: false).page
        #expect(page.content.contains("at your organization") && page.content.contains("A&lt;b&gt;") && page.content.contains("/ops"))
        #expect(page.content.matches(of: /<form/).count == 1 && page.content.contains("/session/end"))
    }

    // MARK: The second factor

    @Test func `somebody turns his second factor on, with one shim's key at another, and it is asked for from then on`() async throws {
        try await SignedInShim.runTwo(try await CacheServer.start()) { one, two async throws in
            let (browser, elsewhere) = (try await Browser(one), try await Browser(two))
            let (key, offer) = try await browser.offered()
            #expect(try Self.user(one).secondFactor == nil, "nothing is kept before it is proved")
            let wrong = try await browser.send([("offer", offer), ("code", "12345")], to: "/account/second-factor/on")
            #expect(wrong.status == 422 && wrong.text.contains(offer) && wrong.text.contains("That is not the code"))
            let done = try await browser.send([("offer", offer), ("code", Self.code(key))], to: "/account/second-factor/on", at: two)
            let codes = done.text.matches(of: /<code>([a-z1-9-]+)<\/code>/).map { String($0.output.1) }
            #expect(done.status == 200 && Set(codes).count == 10 && done["Cache-Control"] == "no-store")
            #expect(try await elsewhere.get().status == 303)
            let page = try await browser.get()
            #expect(page.status == 200 && page.text.contains("10 codes on paper are left"))
            #expect(!page.text.contains(codes[0]))
            let form = [("name", "asha"), ("password", SignedInShim.password)]
            #expect(try await one.signIn("asha").code == "SECOND_FACTOR_REQUIRED")
            #expect(try await two.sendForm(form + [("code", codes[0])]).status == 303)
            // It was on the screen once, and so was the code that proved it.
            #expect(try await browser.send([("offer", offer), ("code", Self.code(key))], to: "/account/second-factor/on").status == 409)
        }
    }

    @Test func `somebody signs out everywhere else, by his password, and at every shim`() async throws {
        try await SignedInShim.runTwo(try await CacheServer.start()) { one, two async throws in
            let (here, there, another) = (try await Browser(one), try await Browser(two), try await Browser(two, "root"))
            let wrong = try await here.send([("password", "wrong wrong wrong")], to: "/account/sessions/end")
            #expect(wrong.status == 401 && wrong.text.contains("The password is wrong."))
            let cross = try await here.send(
                [("password", SignedInShim.password)], to: "/account/sessions/end", ["Sec-Fetch-Site": "cross-site"])
            #expect(cross.status == 403)
            #expect(try await there.get().status == 200)
            let old = here.cookie
            let done = try await here.send([("password", SignedInShim.password)], to: "/account/sessions/end")
            #expect(done.status == 303 && done["Location"] == "/account" && here.cookie != old)
            #expect(try await here.get().status == 200)
            #expect(try await one.ask("GET", "/session", ["Cookie": old]).status == 401)
            // The other looks at the users once a second.
            while try await there.get().status == 200 { try await Task.sleep(for: .milliseconds(20)) }
            #expect(try await there.get().status == 303)
            #expect(try await another.get().status == 200)
        }
    }

    @Test func `a wrong password shows no key, and counts as at a sign-in`() async throws {
        try await SignedInShim.run { house async throws in
            let browser = try await Browser(house)
            for number in 0..<5 {
                let path = ["/account/second-factor", "/account/password"][number % 2]
                let answer = try await browser.send(
                    [("password", "wrong wrong wrong"), ("new_password", "another horse battery"), ("again", "another horse battery")],
                    to: path)
                #expect(
                    answer.status == 401 && answer.text.contains("<details open>") && answer.text.contains("The password is wrong.")
                        && answer["Set-Cookie"] == nil)
                #expect(!answer.text.contains("otpauth") && !answer.text.contains("wrong wrong"))
            }
            let waiting = try await browser.send([("password", SignedInShim.password)], to: "/account/second-factor")
            #expect(waiting.status == 429 && waiting["Retry-After"] != nil && waiting.text.contains("Too many wrong passwords"))
            #expect(try await house.signIn("asha").status == 429)
            #expect(try await browser.get().status == 200)
        }
    }

    @Test func `it is turned off by password and code, and set up anew on another telephone`() async throws {
        try await SignedInShim.run { house async throws in
            let browser = try await Browser(house)
            let first = try await browser.turnOn()
            let lacking = try await browser.send([("password", SignedInShim.password)], to: "/account/second-factor")
            #expect(lacking.status == 401 && lacking.text.contains("The code of your app is needed"))
            let second = try await browser.turnOn([("password", SignedInShim.password), ("code", first[0])])
            #expect(Set(first).isDisjoint(with: second))
            for wrong in ["", first[1], "000000"] {
                let answer = try await browser.send(
                    [("password", SignedInShim.password), ("code", wrong)], to: "/account/second-factor/off")
                #expect(answer.status == 401 && answer["Set-Cookie"] == nil)
            }
            let off = try await browser.send([("password", SignedInShim.password), ("code", second[0])], to: "/account/second-factor/off")
            #expect(off.status == 303 && off["Location"] == "/account")
            #expect(try await browser.get().text.contains(#"<span class="state">off</span>"#))
            #expect(try Self.user(house).secondFactor == nil)
            #expect(try await house.signIn("asha").status == 201)
        }
    }

    @Test func `where the key of secrets is gone codes of an app are refused for that, one on paper is taken`() async throws {
        try await SignedInShim.run { house async throws in
            try SealingKeyFile(house.shim.identity.sealingKeyFile).findOrMake()
            let codes = try await Browser(house).turnOn()
            let text = try String(contentsOfFile: house.users.path, encoding: .utf8)
            #expect(!text.contains("\"secret\""))
            try text.replacing(#/"sealed" : "1:[^:]+:/#, with: "\"sealed\" : \"1:gone:").write(
                toFile: house.users.path, atomically: true, encoding: .utf8)
            let answer = try await house.signIn("asha", code: "123456")
            #expect(answer.status == 503 && answer.code == "SECOND_FACTOR_UNAVAILABLE" && answer["Retry-After"] != nil)
            #expect(try await house.signIn("asha").code == "SECOND_FACTOR_REQUIRED")
            let form = [("name", "asha"), ("password", SignedInShim.password)]
            let page = try await house.sendForm(form + [("code", "123456")])
            #expect(page.status == 503 && page.text.contains("One of those on paper is taken"))
            #expect(try await house.sendForm(form + [("code", codes[0])]).status == 303)
        }
    }

    @Test func `who has a role that needs one can't be without it`() async throws {
        try await SignedInShim.run(configure: { $0.signIn?.rolesWithSecondFactor = [.admin] }) { house async throws in
            let codes = try house.users.enrolSecondFactor(of: "root").recoveryCodes
            let form = [("name", "root"), ("password", SignedInShim.password)]
            var signedIn = try await house.sendForm(form + [("code", codes[0])])
            while signedIn.status == 403 { signedIn = try await house.sendForm(form + [("code", codes[0])]) }
            let cookie = String((signedIn["Set-Cookie"] ?? "").prefix { $0 != ";" })
            let page = try await house.ask("GET", "/account", ["Cookie": cookie])
            #expect(page.text.contains("Set it up on another telephone") && !page.text.contains("Turn it off"))
            let answer = try await house.sendForm(
                [("password", SignedInShim.password), ("code", codes[1])], SignedInShim.here.merging(["Cookie": cookie]) { $1 },
                to: "/account/second-factor/off")
            #expect(answer.status == 409 && answer.text.contains("needs a second factor"))
            #expect(try Self.user(house, "root").secondFactor != nil)
        }
    }

    @Test func `a key is good for whom it was shown to, as he was then`() async throws {
        try await SignedInShim.run { house async throws in
            let (asha, root) = (try await Browser(house), try await Browser(house, "root"))
            let (key, offer) = try await asha.offered()
            func prove(_ offer: String, _ browser: Browser) async throws -> Answer {
                try await browser.send([("offer", offer), ("code", Self.code(key))], to: "/account/second-factor/on")
            }
            for (sent, browser) in [(offer, root), (offer + "A", asha), ("", asha), (String(offer.dropLast(4)), asha)] {
                let answer = try await prove(sent, browser)
                #expect(answer.status == 409 && answer.text.contains("not good any more") && answer["Set-Cookie"] == nil)
            }
            let chosen = [
                ("password", SignedInShim.password), ("new_password", "another horse battery"), ("again", "another horse battery"),
            ]
            #expect(try await asha.send(chosen, to: "/account/password").status == 303)
            #expect(try await prove(offer, asha).status == 409)
            #expect(try Self.user(house).secondFactor == nil && Self.user(house, "root").secondFactor == nil)
        }
    }

    // MARK: The password

    @Test func `who chooses another password stays signed in here and nowhere else`() async throws {
        try await SignedInShim.run { house async throws in
            let (browser, elsewhere) = (try await Browser(house), try await Browser(house))
            let form = [("password", SignedInShim.password), ("new_password", "another horse battery"), ("again", "x")]
            let two = try await browser.send(form, to: "/account/password")
            #expect(two.status == 422 && two.text.contains("Those are two passwords.") && !two.text.contains("horse"))
            let chosen = [form[0], form[1], ("again", "another horse battery")]
            let answer = try await browser.send(chosen, to: "/account/password")
            #expect(answer.status == 303 && answer["Location"] == "/account" && answer["Set-Cookie"] != nil)
            #expect(try await browser.get().status == 200)
            #expect(try await elsewhere.get().status == 303)
            #expect(try await elsewhere.send(chosen, to: "/account/password").status == 303)
            #expect(try await house.signIn("asha", "another horse battery").status == 201)
            #expect(!house.shim.log.all.contains("horse"))
        }
    }

    // MARK: Whose page asks

    @Test(arguments: ["password", "second-factor", "second-factor/on", "second-factor/off"])
    func `no other site changes anything of him who is signed in`(path: String) async throws {
        try await SignedInShim.run { house async throws in
            let browser = try await Browser(house)
            let before = try Self.user(house)
            let fields = [
                ("password", SignedInShim.password), ("new_password", "another horse battery"), ("again", "another horse battery"),
            ]
            for says in [["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "none"], ["Origin": "https://evil.example"], [:]] {
                let answer = try await browser.send(fields, to: "/account/\(path)", says)
                #expect(answer.status == 403 && answer.code == "CROSS_SITE_REQUEST" && !answer.text.contains("otpauth"))
            }
            #expect(try Self.user(house) == before)
            let large = try await browser.send([("offer", String(repeating: "x", count: 5_000))], to: "/account/\(path)")
            #expect(large.status == 413)
            let json = try await house.ask(
                "POST", "/account/\(path)",
                SignedInShim.here.merging(["Cookie": browser.cookie, "Content-Type": "application/json"]) { $1 }, body: "{}")
            #expect(json.status == 415)
        }
    }
}

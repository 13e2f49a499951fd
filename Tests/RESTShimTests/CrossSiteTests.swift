import ServiceKit
import Testing

@testable import RESTShim

/// Pages of other sites that make a browser send what a cookie vouches for.
@Suite(.timeLimit(.minutes(10))) struct CrossSiteTests {
    /// What browsers say, and whether it proves that a page of ours asks. The shim is `http://hospital` here.
    static let words: [(fields: [String: String], isOurs: Bool)] = [
        (["Sec-Fetch-Site": "same-origin"], true), (["Sec-Fetch-Site": "same-site"], false), (["Sec-Fetch-Site": "cross-site"], false),
        (["Sec-Fetch-Site": "none"], false), (["Origin": "http://hospital"], true), (["Origin": "https://hospital"], true),
        (["Origin": "http://HOSPITAL"], true), (["Origin": "http://hospital.evil.example"], false), (["Origin": "null"], false),
        (["Origin": "http://hospital:8080"], false), (["Origin": ""], false), ([:], false),
        (["Sec-Fetch-Site": "cross-site", "Origin": "http://hospital"], false), (["Referer": "http://hospital/docs"], false),
    ]

    @Test(arguments: words.indices)
    func `a change by a session wants the browser's word that it comes from here; a reading does not`(index: Int) async throws {
        let (fields, isOurs) = Self.words[index]
        try await SignedInShim.run { house async throws in
            let sent = fields.merging(["Cookie": try await house.cookie()]) { $1 }
            let answer = try await house.ask("POST", "/v1/samples", sent, body: "{}")
            #expect(answer.status == (isOurs ? 201 : 403), "\(fields)")
            if !isOurs { #expect(answer.code == "CROSS_SITE_REQUEST" && house.channel.calls.isEmpty) }
            #expect(try await house.ask("GET", "/v1/samples", sent).status == 200)
            for method in ["PATCH", "DELETE"] {
                let status = try await house.ask(method, "/v1/samples/s_1", sent, body: method == "PATCH" ? "{}" : nil).status
                #expect((status == 403) == !isOurs)
            }
            #expect(try await house.ask("DELETE", "/session", sent).status == (isOurs ? 204 : 403))
        }
    }

    @Test func `behind TLS a plain page of the same host is another site`() async throws {
        try await SignedInShim.run(configure: { $0.signIn?.publicURL = "https://hospital" }) { house async throws in
            let cookie = try await house.cookie()
            for (origin, status) in [("http://hospital", 403), ("https://hospital", 201)] {
                #expect(try await house.ask("POST", "/v1/samples", ["Origin": origin, "Cookie": cookie], body: "{}").status == status)
            }
        }
    }

    @Test(arguments: [
        ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "https://evil.example"], ["Origin": "null"],
    ])
    func `no other site signs somebody in or out`(fields: [String: String]) async throws {
        try await SignedInShim.run { house async throws in
            let answer = try await house.sendForm([("name", "asha"), ("password", SignedInShim.password)], fields)
            #expect(answer.status == 403 && answer["Set-Cookie"] == nil)
            let sent = fields.merging(["Cookie": try await house.cookie()]) { $1 }
            #expect(try await house.ask("POST", "/session/end", sent).status == 403)
            #expect(try await house.ask("GET", "/session", sent).status == 200)
        }
    }

    // MARK: The page

    @Test func `the page has a form that works without a script, and lets nothing else run`() async throws {
        try await SignedInShim.run { house async throws in
            let page = try await house.ask("GET", "/sign-in?return_to=/ops")
            #expect(page.status == 200 && page["Content-Type"] == "text/html; charset=utf-8" && page["Cache-Control"] == "no-store")
            #expect(!page.text.contains("<script") && !page.text.contains("{{"))
            #expect(page.text.contains(#"<form method="post" action="/session">"#) && page.text.contains(#"value="/ops""#))
            let policy = try #require(page["Content-Security-Policy"])
            #expect(policy.contains("default-src 'none'") && policy.contains("form-action 'self'") && !policy.contains("script-src"))
            #expect(page["Referrer-Policy"] == "same-origin" && page["X-Frame-Options"] == "DENY")
        }
    }

    @Test func `the form leads back to where somebody came from, and a wrong password to the form`() async throws {
        try await SignedInShim.run { house async throws in
            let form = [("name", "asha"), ("password", SignedInShim.password), ("return_to", "/ops/traces/desk-1")]
            let answer = try await house.sendForm(form)
            #expect(answer.status == 303 && answer["Location"] == "/ops/traces/desk-1" && answer["Set-Cookie"] != nil)
            let wrong = try await house.sendForm([
                ("name", "<b>\"asha'<\u{338}i>"), ("password", "wrong wrong wrong"), ("return_to", "/ops"),
            ])
            #expect(wrong.status == 401 && wrong["Content-Type"] == "text/html; charset=utf-8" && wrong["Set-Cookie"] == nil)
            #expect(wrong.text.contains("The name or the password is wrong.") && wrong.text.contains(#"value="/ops""#))
            #expect(wrong.text.contains("&lt;b&gt;&quot;asha&#39;&lt;\u{338}i&gt;"))
            #expect(!wrong.text.contains("wrong wrong"))
        }
    }

    @Test(arguments: [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "", "docs",
        "/\t/evil.example",
        "/docs\r\nSet-Cookie: a=b", "/a\\b",
    ])
    func `nobody is led to another site`(address: String) async throws {
        try await SignedInShim.run { house async throws in
            let answer = try await house.sendForm([("name", "asha"), ("password", SignedInShim.password), ("return_to", address)])
            #expect(answer.status == 303 && answer["Location"] == "/docs")
        }
    }

    @Test func `where nobody has a password the page says how somebody gets one`() async throws {
        try await SignedInShim.run(configure: { $0.signIn?.usersFile += ".none" }) { house async throws in
            let page = try await house.ask("GET", "/sign-in")
            #expect(page.status == 200 && page.text.contains("hms user add") && !page.text.contains("<form"))
        }
    }
}

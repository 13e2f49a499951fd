import Foundation
import RPC
import ServiceKit
import SignIn
import Testing

@testable import RESTShim

/// People who sign in with a password, and what their browsers may do then.
@Suite(.timeLimit(.minutes(10))) struct SignInTests {
    // MARK: In and out

    @Test func `whoever signs in gets a cookie that no script reads and no other site sends, and is known by it`() async throws {
        try await SignedInShim.run { house async throws in
            let answer = try await house.signIn("asha")
            #expect(answer.status == 201 && answer.json["role"] as? String == "reception" && answer["Cache-Control"] == "no-store")
            let field = try #require(answer["Set-Cookie"])
            #expect(field.wholeMatch(of: /hms-session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict/) != nil)
            let cookie = String(field.prefix { $0 != ";" })
            #expect(try await house.ask("GET", "/v1/samples", ["Cookie": cookie]).status == 200)
            let sent = try #require(house.channel.calls.last?.options.metadata[MetadataName.authorization])
            #expect(sent.hasPrefix("Bearer ") && !sent.contains(cookie.dropFirst("hms-session=".count)))
            let who = try await house.ask("GET", "/session", ["Cookie": cookie])
            #expect(who.status == 200 && who.json["subject"] as? String == "asha")
        }
    }

    @Test func `a doctor who signs in speaks as the doctor that he is, and in no other role`() async throws {
        try await SignedInShim.run { house async throws in
            let cookie = try await house.cookie(of: "meera")
            #expect(try await house.ask("GET", "/session", ["Cookie": cookie]).json["subject"] as? String == "doc_1")
            #expect(try await house.ask("GET", "/v1/samples", ["Cookie": cookie]).status == 200)
            #expect(try await house.ask("GET", "/v1/billing", ["Cookie": cookie]).status == 403)
            #expect(try await house.ask("GET", "/ops/requests", ["Cookie": cookie]).status == 403)
            #expect(try await house.ask("GET", "/ops/requests", ["Cookie": try await house.cookie(of: "root")]).status == 200)
        }
    }

    @Test func `with TLS the cookie is for TLS and this host alone`() async throws {
        try await SignedInShim.run(configure: { $0.signIn?.publicURL = "https://hospital" }) { house async throws in
            let field = try #require(try await house.signIn("asha")["Set-Cookie"])
            #expect(field.hasPrefix("__Host-hms-session=") && field.hasSuffix("; Path=/; HttpOnly; SameSite=Strict; Secure"))
            // What a plain connection has set is none.
            let secret = field.prefix { $0 != ";" }.dropFirst("__Host-hms-session=".count)
            #expect(try await house.ask("GET", "/v1/samples", ["Cookie": "hms-session=\(secret)"]).status == 401)
            #expect(try await house.ask("GET", "/v1/samples", ["Cookie": "__Host-hms-session=\(secret)"]).status == 200)
        }
    }

    @Test func `who signs out is out at once, and signing out twice is no mistake`() async throws {
        try await SignedInShim.run { house async throws in
            let cookie = try await house.cookie()
            let out = try await house.ask("DELETE", "/session", SignedInShim.here.merging(["Cookie": cookie]) { $1 })
            #expect(out.status == 204 && out["Set-Cookie"]?.contains("Max-Age=0") == true)
            #expect(try await house.ask("GET", "/v1/samples", ["Cookie": cookie]).status == 401)
            #expect(try await house.ask("DELETE", "/session", ["Cookie": cookie]).status == 204)
            #expect(try await house.ask("POST", "/session/end").status == 303)
        }
    }

    @Test func `signing in again ends the session that the browser had`() async throws {
        try await SignedInShim.run { house async throws in
            let old = try await house.cookie()
            _ = try await house.signIn("root", SignedInShim.password, ["Cookie": old])
            #expect(try await house.ask("GET", "/session", ["Cookie": old]).status == 401)
        }
    }

    @Test func `a bearer token still works, goes before a cookie, and needs no word of a browser`() async throws {
        try await SignedInShim.run { house async throws in
            let token = try await house.shim.token(.doctor)
            let cookie = try await house.cookie(of: "root")
            let both = ["Authorization": "Bearer \(token)", "Cookie": cookie]
            #expect(try await house.ask("POST", "/v1/samples", both, body: "{}").status == 201)
            #expect(house.channel.calls.last?.options.metadata[MetadataName.authorization] == "Bearer \(token)")
            #expect(try await house.ask("GET", "/v1/samples", ["Authorization": "Bearer x", "Cookie": cookie]).status == 401)
        }
    }

    // MARK: Refusals

    @Test func `a wrong password, an unknown name and a disabled user are one answer`() async throws {
        try await SignedInShim.run { house async throws in
            try house.users.setDisabled(true, "root")
            let answers = [
                try await house.signIn("asha", "correct horse batterie"), try await house.signIn("nobody"), try await house.signIn("root"),
                try await house.signIn("asha", ""), try await house.signIn("a b"),
                try await house.signIn("asha", String(repeating: "x", count: 3_000)),
            ]
            for answer in answers {
                #expect(answer.status == 401 && answer.code == "SIGN_IN_FAILED" && answer["Set-Cookie"] == nil)
                #expect(answer.json["detail"] as? String == "The name or the password is wrong.")
            }
        }
    }

    @Test func `after five wrong passwords even the right one waits, for a name that is none as well, until an operator unlocks it`()
        async throws
    {
        try await SignedInShim.run { house async throws in
            for name in ["asha", "nobody"] {
                for _ in 0..<5 { #expect(try await house.signIn(name, "wrong wrong wrong").status == 401) }
                let answer = try await house.signIn(name)
                #expect(answer.status == 429 && answer.code == "RATE_LIMITED")
                let wait = try #require(answer["Retry-After"].flatMap(Int.init))
                #expect((1...30).contains(wait))
            }
            #expect(try await house.signIn("meera").status == 201)
            try house.users.unlock("asha")
            // The file is looked at once a second.
            var status = 429
            while status == 429 { status = try await house.signIn("asha").status }
            #expect(status == 201)
        }
    }

    @Test(arguments: [
        ("{}", 400), (#"{"name":"asha"}"#, 400), ("[]", 400), (#"{"name":1,"password":"x"}"#, 400), ("", 400),
    ])
    func `what is no name and password is refused as such`(body: String, status: Int) async throws {
        try await SignedInShim.run { house async throws in
            #expect(try await house.ask("POST", "/session", body: body).status == status)
        }
    }

    @Test func `who is not known yet can send little`() async throws {
        try await SignedInShim.run { house async throws in
            let large = #"{"name":"asha","password":"\#(String(repeating: "x", count: 5_000))"}"#
            #expect(try await house.ask("POST", "/session", body: large).status == 413)
            #expect(try await house.ask("POST", "/session", ["Content-Type": "text/plain"], body: "x").status == 415)
            try await RawConnection.open(port: house.shim.port) { connection in
                try await connection.send(
                    "POST /session HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                #expect(try await connection.answer().status == 400)
            }
        }
    }

    @Test func `neither name nor password nor secret is in the log of requests`() async throws {
        try await SignedInShim.run { house async throws in
            let cookie = try await house.cookie()
            _ = try await house.signIn("somebody-else", "wrong wrong wrong")
            _ = try await house.ask("GET", "/v1/samples", ["Cookie": cookie])
            let lines = house.shim.log.all
            #expect(lines.contains("/session") && lines.contains("\"subject\":\"asha\""))
            for word in ["somebody-else", "wrong wrong", "horse", String(cookie.dropFirst("hms-session=".count))] {
                #expect(!lines.contains(word))
            }
        }
    }

    @Test(arguments: ["hms-session", "hms-session=", "hms-session=x", "other=1", "hms-session=\(String(repeating: "x", count: 200))"])
    func `a cookie that opens nothing is none`(cookie: String) async throws {
        try await SignedInShim.run { house async throws in
            let answer = try await house.ask("GET", "/v1/samples", ["Cookie": cookie])
            #expect(answer.status == 401 && answer["WWW-Authenticate"] == #"Bearer realm="hms""#)
        }
    }

    @Test func `of two cookies of one name neither counts`() async throws {
        try await SignedInShim.run { house async throws in
            let cookie = try await house.cookie()
            #expect(try await house.ask("GET", "/v1/samples", ["Cookie": "a=b; \(cookie);c=d"]).status == 200)
            #expect(try await house.ask("GET", "/v1/samples", ["Cookie": "hms-session=x; \(cookie)"]).status == 401)
        }
    }
}

import Foundation
import ProcessDriving
import ServiceKit
import SharedCache
import SignIn
import Testing

@testable import RESTShim

/// Several shims behind one balancer: who is signed in at one is so at all, and what ends that ends it everywhere.
@Suite(.timeLimit(.minutes(10))) struct SharedSignInTests {
    /// Asks until it is so: the file of users is looked at once a second.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test func `who signs in at one shim is signed in at the other, and out of both when he signs out at either`() async throws {
        try await SignedInShim.runTwo(try await CacheServer.start()) { one, two async throws in
            let cookie = try await one.cookie()
            for shim in [one, two] {
                #expect(try await shim.ask("GET", "/v1/samples", ["Cookie": cookie]).status == 200)
                #expect(try await shim.ask("GET", "/session", ["Cookie": cookie]).json["subject"] as? String == "asha")
            }
            let changed = try await two.ask("POST", "/v1/samples", SignedInShim.here.merging(["Cookie": cookie]) { $1 }, body: "{}")
            #expect(changed.status == 201)
            #expect(try await two.ask("POST", "/v1/samples", ["Cookie": cookie], body: "{}").status == 403)
            #expect(try await two.ask("DELETE", "/session", SignedInShim.here.merging(["Cookie": cookie]) { $1 }).status == 204)
            for shim in [one, two] { #expect(try await shim.ask("GET", "/v1/samples", ["Cookie": cookie]).status == 401) }
        }
    }

    @Test(arguments: ["another password", "disabled"])
    func `a change of the user ends his sessions at every shim`(change: String) async throws {
        try await SignedInShim.runTwo(try await CacheServer.start()) { one, two async throws in
            let cookie = try await one.cookie()
            #expect(try await two.ask("GET", "/session", ["Cookie": cookie]).status == 200)
            switch change {
            case "disabled": try one.users.setDisabled(true, "asha")
            default: try one.users.setPassword(of: "asha", "another horse battery")
            }
            for shim in [one, two] {
                try await eventually { try await shim.ask("GET", "/session", ["Cookie": cookie]).status == 401 }
            }
        }
    }

    @Test func `wrong passwords are counted by all shims together, and one unlocking holds at all`() async throws {
        try await SignedInShim.runTwo(try await CacheServer.start()) { one, two async throws in
            for shim in [one, two, one, two, one] { #expect(try await shim.signIn("asha", "wrong wrong wrong").status == 401) }
            for shim in [one, two] {
                let answer = try await shim.signIn("asha")
                #expect(answer.status == 429 && answer.code == "RATE_LIMITED")
                let wait = try #require(answer["Retry-After"].flatMap(Int.init))
                #expect((1...30).contains(wait))
            }
            #expect(try await two.signIn("meera").status == 201)
            try one.users.unlock("asha")
            for shim in [two, one] { try await eventually { try await shim.signIn("asha").status == 201 } }
        }
    }

    @Test func `a session that is shared ends after so long in all`() async throws {
        let lifetime: (inout RESTServerConfiguration) -> Void = {
            $0.signIn?.idle = .seconds(1)
            $0.signIn?.lifetime = .seconds(1)
        }
        try await SignedInShim.runTwo(try await CacheServer.start(), configure: lifetime) { one, two async throws in
            let cookie = try await one.cookie()
            try await eventually { try await two.ask("GET", "/session", ["Cookie": cookie]).status == 401 }
        }
    }

    @Test func `a cache that is gone lets nobody in or out, and bearer tokens still work; when it is back, who had signed in does so anew`()
        async throws
    {
        let redis = try await CacheServer.start()
        try await SignedInShim.runTwo(redis) { one, _ async throws in
            let cookie = try await one.cookie()
            redis.kill()
            let answer = try await one.ask("GET", "/v1/samples", ["Cookie": cookie])
            #expect(answer.status == 503 && answer.code == "UNAVAILABLE" && answer["Retry-After"] == "1")
            #expect(try await one.ask("DELETE", "/session", SignedInShim.here.merging(["Cookie": cookie]) { $1 }).status == 503)
            // Neither does a right password tell itself from a wrong one.
            for password in [SignedInShim.password, "wrong wrong wrong"] { #expect(try await one.signIn("asha", password).status == 503) }
            let token = try await one.shim.token(.reception)
            #expect(try await one.ask("GET", "/v1/samples", ["Authorization": "Bearer \(token)"]).status == 200)
            try redis.start()
            try await eventually { try await one.ask("GET", "/session", ["Cookie": cookie]).status == 401 }
            try await eventually { try await one.signIn("asha").status == 201 }
        }
    }
}

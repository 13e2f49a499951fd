import Foundation
import Logging
import ProcessDriving
import ServiceKit
import SharedCache
import Testing

@testable import SignIn

/// Sessions and counts in a cache that all shims share, against the Redis of this system.
@Suite(.timeLimit(.minutes(10))) struct SharedSessionTests {
    private struct House {
        let redis: CacheServer
        let cache: SharedCache
        let identity: IdentityConfiguration
        let users: UserDirectory

        func sessions(_ rules: SessionRules = SessionRules()) -> Sessions {
            Sessions(rules, identity, users: users, cache: cache)
        }
    }

    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withHouse(_ body: (House) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shared-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let identity = IdentityConfiguration(dataFolder: folder)
        _ = try SigningKey.findOrMake(identity)
        let redis = try await CacheServer.start()
        defer { redis.kill() }
        var limits = CacheLimits.patient
        limits.deadline = .seconds(10)
        let address = try #require(CacheAddress("redis://127.0.0.1:\(redis.port)"))
        let cache = try SharedCache(address, limits: limits, logger: quiet)
        while await cache.run(CacheScript("return 1"), on: [], []) == nil { try await Task.sleep(for: .milliseconds(5)) }
        let users = UserDirectory(UserFile("\(folder)/keys/users.json", cost: PasswordTests.cheap), logger: quiet)
        try await body(House(redis: redis, cache: cache, identity: identity, users: users))
    }

    private func provided(_ subject: String, _ role: CallerRole = .billing) -> SignedInPerson {
        SignedInPerson(subject: subject, role: role, name: subject, source: .provider)
    }

    private func keys(_ house: House, _ pattern: String) throws -> [String] {
        try house.redis.command("KEYS", pattern).split(separator: "\n").map(String.init)
    }

    @Test func `a session ends twelve hours after it began however busy it is, and the cache lets one go that rests`() async throws {
        try await withHouse { house async throws in
            let start = ContinuousClock.now
            let (one, two) = (house.sessions(), house.sessions())
            let secret = try await one.open(for: provided("a"), at: start)
            #expect(try await two.session(of: secret, at: start + .seconds(12 * 3_600 - 60)) != nil)
            #expect(try await two.session(of: secret, at: start + .seconds(12 * 3_600 + 60)) == nil)
            let key = try #require(try keys(house, "*session:*").first)
            let rest = try #require(Int(try house.redis.command("PTTL", key).dropLast()))
            #expect((1_500_000...1_800_000).contains(rest))
            try house.redis.command("PEXPIRE", key, "1000")
            #expect(try await one.session(of: secret, at: start) != nil)
            #expect(try #require(Int(try house.redis.command("PTTL", key).dropLast())) > 1_500_000)
        }
    }

    @Test func `one person has so many sessions at all shims together, and a further one ends his oldest`() async throws {
        try await withHouse { house async throws in
            var rules = SessionRules()
            rules.ofPerson = 2
            let shims = [house.sessions(rules), house.sessions(rules)]
            var secrets: [String] = []
            for number in 0..<4 { secrets.append(try await shims[number % 2].open(for: provided("a"))) }
            let other = try await shims[0].open(for: provided("a", .admin))
            for (index, secret) in secrets.enumerated() {
                #expect(try await (shims[0].session(of: secret) != nil) == (index >= 2))
            }
            #expect(try await shims[1].session(of: other) != nil)
            // One that has ended takes nobody's place.
            try await shims[1].close(secrets[3])
            _ = try await shims[0].open(for: provided("a"))
            #expect(try await shims[1].session(of: secrets[2]) != nil)
        }
    }

    @Test func `who has the cache alone can read no session, change none, and put none in another's place`() async throws {
        try await withHouse { house async throws in
            let sessions = house.sessions()
            let (mine, his) = (try await sessions.open(for: provided("eve")), try await sessions.open(for: provided("root-person", .admin)))
            let places = try keys(house, "*session:*")
            #expect(places.count == 2)
            let everything = try places.map { try house.redis.command("GET", $0) }.joined() + keys(house, "*").joined()
            for word in ["root-person", "eve", "admin", mine, his] { #expect(!everything.contains(word)) }
            // Each in the place of the other.
            try house.redis.command("RENAME", places[0], "x")
            try house.redis.command("RENAME", places[1], places[0])
            try house.redis.command("RENAME", "x", places[1])
            for secret in [mine, his] { #expect(try await sessions.session(of: secret) == nil) }
            try house.redis.command("SET", places[0], "{}")
            try house.redis.command("DEL", places[1])
            try house.redis.command("LPUSH", places[1], "x")
            for secret in [mine, his] { #expect(((try? await sessions.session(of: secret)) ?? nil) == nil) }
        }
    }

    @Test func `a new key to sign with ends the sessions that the old one has closed`() async throws {
        try await withHouse { house async throws in
            let secret = try await house.sessions().open(for: provided("a"))
            try FileManager.default.removeItem(atPath: house.identity.signingKeyFile)
            _ = try SigningKey.findOrMake(house.identity)
            #expect(try await house.sessions().session(of: secret) == nil)
            try FileManager.default.removeItem(atPath: house.identity.signingKeyFile)
            await #expect(throws: FileError.self) { try await house.sessions().open(for: provided("a")) }
        }
    }

    @Test func `tries count together as they count alone`() async throws {
        try await withHouse { house async throws in
            var rules = ThrottleRules()
            (rules.ofName, rules.ofAddress) = (8, 9)
            let shims = [SharedThrottle(rules: rules, cache: house.cache), SharedThrottle(rules: rules, cache: house.cache)]
            for number in 0..<5 { #expect(try await shims[number % 2].wait(of: "asha", from: "a") == nil) }
            for shim in shims {
                let wait = try #require(try await shim.wait(of: "asha", from: "a"))
                #expect(wait > .seconds(1) && wait <= .seconds(30))
            }
            // The name from elsewhere, up to its own limit; the address with other names, up to its own.
            for address in ["b", "c", "d"] { #expect(try await shims[0].wait(of: "asha", from: address) == nil) }
            #expect(try await shims[1].wait(of: "asha", from: "e") != nil)
            for name in ["b", "c", "d", "e"] { #expect(try await shims[0].wait(of: name, from: "a") == nil) }
            #expect(try await shims[1].wait(of: "f", from: "a") != nil)
            #expect(try await shims[1].wait(of: "f", from: "g") == nil)
            let names = try keys(house, "*tries*")
            #expect(!names.isEmpty && !names.joined().contains("asha"))
            for name in names { #expect(Int(try house.redis.command("PTTL", name).dropLast()) ?? -1 > 0) }
        }
    }

    @Test func `the right password takes back what the name had, and one of the address`() async throws {
        try await withHouse { house async throws in
            var rules = ThrottleRules()
            rules.ofAddress = 6
            let throttle = SharedThrottle(rules: rules, cache: house.cache)
            for _ in 0..<4 { _ = try await throttle.wait(of: "asha", from: "a") }
            try await throttle.succeeded("asha", from: "a")
            for _ in 0..<3 { #expect(try await throttle.wait(of: "asha", from: "a") == nil) }
            #expect(try await throttle.wait(of: "ravi", from: "a") != nil)
        }
    }

    @Test func `a sign-in that was begun at one shim ends at another, once`() async throws {
        try await withHouse { house async throws in
            let shims = (0..<2).map { _ in PendingSignIns(capacity: 3, shared: (house.cache, SessionSeal(house.identity))) }
            let begun = PendingSignIn(returnTo: "/ops")
            let secret = try await shims[0].begin(begun)
            let ended = try #require(try await shims[1].end(secret))
            #expect(ended.returnTo == "/ops" && ended.state == begun.state && ended.verifier == begun.verifier)
            #expect(try await shims[0].end(secret) == nil)
            // Those that nobody ends fill no memory.
            for _ in 0..<10 { _ = try await shims[0].begin(begun) }
            #expect(try keys(house, "*sign-in:*").count == 3)
        }
    }
}

import Foundation
import ProcessDriving
import RPC
import ServiceKit
import SharedCache
import SignIn
import Testing

@testable import RESTShim

/// A shim at which people sign in with a password.
struct SignedInShim {
    static let password = "correct horse battery"
    static let here = ["Sec-Fetch-Site": "same-origin"]

    let shim: Shim
    let channel: FakeChannel
    let users: UserFile

    /// With the users `asha` (reception), `meera` (a doctor) and `root` (an administrator).
    static func run(
        configure: (inout RESTServerConfiguration) -> Void = { _ in }, _ body: (SignedInShim) async throws -> Void
    ) async throws {
        try await TestIdentity.use { identity in
            try await run(identity, users(identity), configure: configure, body)
        }
    }

    /// Two shims of one hospital with one cache between them.
    static func runTwo(
        _ redis: CacheServer, configure: @escaping (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (SignedInShim, SignedInShim) async throws -> Void
    ) async throws {
        let (one, two) = (try await cache(redis), try await cache(redis))
        try await TestIdentity.use { identity in
            let users = try users(identity)
            let configureOne: (inout RESTServerConfiguration) -> Void = {
                $0.sessionCache = one
                configure(&$0)
            }
            let configureTwo: (inout RESTServerConfiguration) -> Void = {
                $0.sessionCache = two
                configure(&$0)
            }
            try await run(identity, users, configure: configureOne) { first async throws in
                try await run(identity, users, configure: configureTwo) { second async throws in try await body(first, second) }
            }
        }
    }

    private static func run(
        _ identity: TestIdentity, _ users: UserFile, configure: (inout RESTServerConfiguration) -> Void,
        _ body: (SignedInShim) async throws -> Void
    ) async throws {
        let channel = FakeChannel()
        try await Shim.run(
            identity, routes: SampleRoutes.all, channels: ["sample": channel],
            configure: { configuration in
                configuration.signIn = SignInConfiguration(identity: identity.configuration, dataFolder: identity.folder)
                configuration.passwordCost = ScryptCost(logRounds: 4)
                configure(&configuration)
            }
        ) { shim async throws in
            try await body(SignedInShim(shim: shim, channel: channel, users: users))
        }
    }

    private static func users(_ identity: TestIdentity) throws -> UserFile {
        let signIn = SignInConfiguration(identity: identity.configuration, dataFolder: identity.folder)
        let users = UserFile(signIn.usersFile, cost: ScryptCost(logRounds: 4))
        try users.add("asha", role: .reception, doctorID: nil, password: password)
        try users.add("meera", role: .doctor, doctorID: "doc_1", password: password)
        try users.add("root", role: .admin, doctorID: nil, password: password)
        return users
    }

    /// One that answers already, and is waited for as long as a busy machine takes.
    private static func cache(_ redis: CacheServer) async throws -> SharedCache {
        var limits = CacheLimits.patient
        limits.deadline = .seconds(5)
        limits.firstPause = .milliseconds(10)
        limits.longestPause = .milliseconds(100)
        let address = try #require(CacheAddress("redis://127.0.0.1:\(redis.port)"))
        let cache = try SharedCache(address, limits: limits, logger: .quiet)
        while await cache.run(CacheScript("return 1"), on: [], []) == nil { try await Task.sleep(for: .milliseconds(5)) }
        return cache
    }

    func ask(_ method: String, _ target: String, _ fields: [String: String] = [:], body: String? = nil) async throws -> Answer {
        try await shim.ask(method, target, fields, body: body, role: nil)
    }

    /// As a program does.
    func signIn(
        _ name: String, _ password: String = SignedInShim.password, _ fields: [String: String] = [:], code: String? = nil
    ) async throws -> Answer {
        var sent = ["name": name, "password": password]
        sent["code"] = code
        let body = try JSONSerialization.data(withJSONObject: sent)
        return try await ask("POST", "/session", fields, body: String(decoding: body, as: UTF8.self))
    }

    /// The `Cookie` field of somebody who has signed in.
    func cookie(of name: String = "asha") async throws -> String {
        let answer = try await signIn(name)
        return String((answer["Set-Cookie"] ?? "").prefix { $0 != ";" })
    }

    /// As a browser sends the page's form.
    func sendForm(_ fields: [(String, String)], _ header: [String: String] = SignedInShim.here, to target: String = "/session")
        async throws -> Answer
    {
        let body = fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        return try await ask(
            "POST", target, header.merging(["Content-Type": "application/x-www-form-urlencoded"]) { first, _ in first }, body: body)
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

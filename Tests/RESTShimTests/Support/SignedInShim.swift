import Foundation
import RPC
import ServiceKit
import SignIn

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
            let channel = FakeChannel()
            let signIn = SignInConfiguration(identity: identity.configuration, dataFolder: identity.folder)
            let users = UserFile(signIn.usersFile, cost: ScryptCost(logRounds: 4))
            try users.add("asha", role: .reception, doctorID: nil, password: password)
            try users.add("meera", role: .doctor, doctorID: "doc_1", password: password)
            try users.add("root", role: .admin, doctorID: nil, password: password)
            try await Shim.run(
                identity, routes: SampleRoutes.all, channels: ["sample": channel],
                configure: { configuration in
                    configuration.signIn = signIn
                    configuration.passwordCost = ScryptCost(logRounds: 4)
                    configure(&configuration)
                }
            ) { shim async throws in
                try await body(SignedInShim(shim: shim, channel: channel, users: users))
            }
        }
    }

    func ask(_ method: String, _ target: String, _ fields: [String: String] = [:], body: String? = nil) async throws -> Answer {
        try await shim.ask(method, target, fields, body: body, role: nil)
    }

    /// As a program does.
    func signIn(_ name: String, _ password: String = SignedInShim.password, _ fields: [String: String] = [:]) async throws -> Answer {
        let body = try JSONSerialization.data(withJSONObject: ["name": name, "password": password])
        return try await ask("POST", "/session", fields, body: String(decoding: body, as: UTF8.self))
    }

    /// The `Cookie` field of somebody who has signed in.
    func cookie(of name: String = "asha") async throws -> String {
        let answer = try await signIn(name)
        return String((answer["Set-Cookie"] ?? "").prefix { $0 != ";" })
    }

    /// As a browser sends the page's form.
    func sendForm(_ fields: [(String, String)], _ header: [String: String] = SignedInShim.here) async throws -> Answer {
        let body = fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        return try await ask(
            "POST", "/session", header.merging(["Content-Type": "application/x-www-form-urlencoded"]) { first, _ in first }, body: body)
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

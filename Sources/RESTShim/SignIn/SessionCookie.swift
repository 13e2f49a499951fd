/// The cookie in which a browser keeps the secret of its session (RFC 6265bis): no script reads it, and no other site makes a browser
/// send it. With TLS its name says that no other host and no plain connection has set it.
struct SessionCookie: Sendable {
    let name: String
    private let attributes: String

    /// - Parameters:
    ///   - isSecure: the browser speaks TLS to us, or to what stands in front.
    ///   - sameSite: `Lax` for what has to come back from a provider of another site.
    init(_ name: String = "hms-session", isSecure: Bool, sameSite: String = "Strict") {
        self.name = isSecure ? "__Host-\(name)" : name
        attributes = "; Path=/; HttpOnly; SameSite=\(sameSite)" + (isSecure ? "; Secure" : "")
    }

    /// The field that gives the browser a secret, until it is closed or for so many seconds.
    func field(_ secret: String, for seconds: Int? = nil) -> String {
        "\(name)=\(secret)\(attributes)" + (seconds.map { "; Max-Age=\($0)" } ?? "")
    }

    /// The field that takes it away.
    var clearing: String { field("", for: 0) }

    /// The secret in a `Cookie` field. Nil where there is none, or more than one: then somebody else has set one beside ours.
    func secret(in field: String?) -> String? {
        guard let field else { return nil }
        var found: Substring?
        for pair in field.split(separator: ";") {
            let trimmed = pair.drop { $0 == " " }
            guard trimmed.hasPrefix("\(name)=") else { continue }
            guard found == nil else { return nil }
            found = trimmed.dropFirst(name.utf8.count + 1)
        }
        guard let found, (1...128).contains(found.utf8.count) else { return nil }
        return String(found)
    }
}

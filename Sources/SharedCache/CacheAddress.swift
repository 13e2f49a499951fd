import Foundation

/// Where a cache is, and who we are to it: `redis://[user:password@]host:port[/database]`.
public struct CacheAddress: Hashable, Sendable {
    public let host: String
    public let port: Int
    /// Nil: the cache's default user.
    public let user: String?
    let password: String?
    /// A hospital has one of its own, where several share a server.
    public let database: Int

    /// Nil where the text is no such address. The port is 6379 where none is given, the database 0.
    public init?(_ text: String) {
        guard let parts = URLComponents(string: text), parts.scheme == "redis", let host = parts.host, !host.isEmpty,
            parts.query == nil, parts.fragment == nil, let database = Self.database(parts.path)
        else { return nil }
        let port = parts.port ?? 6_379
        guard (1...65_535).contains(port), Self.isText(host), Self.isText(parts.user ?? ""), Self.isText(parts.password ?? "") else {
            return nil
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password
        self.database = database
        if user != nil, password == nil { return nil }
    }

    private static func database(_ path: String) -> Int? {
        if path.isEmpty || path == "/" { return 0 }
        return Int(path.dropFirst()).flatMap { (0...65_535).contains($0) ? $0 : nil }
    }

    /// A zero byte would end it for C.
    private static func isText(_ text: String) -> Bool {
        text.utf8.count <= 1_024 && !text.utf8.contains(0)
    }
}

extension CacheAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the password, as logs show it.
    public var description: String { "\(host):\(port)/\(database)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}

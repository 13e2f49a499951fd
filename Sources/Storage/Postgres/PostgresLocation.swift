import Foundation

/// Where a service's schema is: the URL as libpq takes it, and what libpq knows nothing of, the schema and how many connections there
/// may be.
///
/// `postgres://user:password@host:port,host2:port2/database?sslmode=verify-full&schema=patient&connections=8`: several hosts are tried in
/// their order until one takes writes.
struct PostgresLocation: Hashable, Sendable {
    /// With the password, where it has one: for libpq only.
    let connectionURL: String
    let schema: String
    /// Nil where the URL does not say.
    let connections: Int?

    /// - Parameter defaultSchema: where the URL names none.
    /// - Throws: ``StorageError/cannotOpen(_:)``, without the URL, whose password nobody may see.
    init(url: String, defaultSchema: String) throws(StorageError) {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else { throw .cannotOpen("what is no postgres:// URL") }
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let parameters = parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : []
        let own = [Self.schemaParameter, Self.connectionsParameter]
        let foreign = parameters.filter { parameter in !own.contains { parameter.hasPrefix($0) } }
        schema = Self.value(of: Self.schemaParameter, in: parameters) ?? defaultSchema
        let count = Self.value(of: Self.connectionsParameter, in: parameters)
        connections = count.flatMap { Int($0) }
        if count != nil && !(1...1_000).contains(connections ?? 0) { throw .cannotOpen("a number of connections that is not of 1 to 1000") }
        guard Self.isName(schema) else { throw .cannotOpen("a schema that is not named by lower-case letters, digits and _") }
        connectionURL = foreign.isEmpty ? String(parts[0]) : "\(parts[0])?\(foreign.joined(separator: "&"))"
    }

    private static let schemaParameter = "schema="
    private static let connectionsParameter = "connections="

    private static func value(of parameter: String, in all: [String]) -> String? {
        all.last { $0.hasPrefix(parameter) }.map { String($0.dropFirst(parameter.count)) }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 63 else { return false }
        let isLetter = { (byte: UInt8) in byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        return isLetter(first) && name.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

extension PostgresLocation: CustomStringConvertible, CustomReflectable {
    /// Without user and password.
    var description: String {
        let authority = connectionURL.prefix { $0 != "?" }.drop { $0 != "/" }.drop { $0 == "/" }
        return "postgres://\(authority.split(separator: "@").last ?? ""), schema \(schema)"
    }

    var customMirror: Mirror { Mirror(self, children: []) }
}

import Foundation

/// Where a service's schema is: the URL as libpq takes it, and the schema, which libpq knows nothing of.
///
/// `postgres://user:password@host:port,host2:port2/database?sslmode=verify-full&schema=patient`: several hosts are tried in
/// their order until one takes writes.
struct PostgresLocation: Hashable, Sendable {
    /// With the password, where it has one: for libpq only.
    let connectionURL: String
    let schema: String

    /// - Parameter defaultSchema: where the URL names none.
    /// - Throws: ``StorageError/cannotOpen(_:)``, without the URL, whose password nobody may see.
    init(url: String, defaultSchema: String) throws(StorageError) {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else { throw .cannotOpen("what is no postgres:// URL") }
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let parameters = parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : []
        let (own, foreign) = (parameters.filter(Self.isSchema), parameters.filter { !Self.isSchema($0) })
        schema = own.last.map { String($0.dropFirst(Self.schemaParameter.count)) } ?? defaultSchema
        guard Self.isName(schema) else { throw .cannotOpen("a schema that is not named by lower-case letters, digits and _") }
        connectionURL = foreign.isEmpty ? String(parts[0]) : "\(parts[0])?\(foreign.joined(separator: "&"))"
    }

    private static let schemaParameter = "schema="

    private static func isSchema(_ parameter: String) -> Bool { parameter.hasPrefix(schemaParameter) }

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

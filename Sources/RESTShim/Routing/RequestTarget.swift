/// A request target taken apart: `/v1/patients/pat_1?page_size=20`.
struct RequestTarget: Equatable {
    /// The path between its slashes, decoded. A trailing slash leaves an empty last segment, which no route has.
    let segments: [String]
    /// Everything after the question mark, as sent.
    let query: Substring

    /// Nil where the target can't be read: not a path, not ASCII, or with a broken escape.
    init?(_ target: String) {
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { return nil }
        guard let pathAndQuery = RequestTarget.withoutAuthority(target), pathAndQuery.utf8.first == UInt8(ascii: "/") else { return nil }
        let pathEnd = pathAndQuery.utf8.firstIndex(of: UInt8(ascii: "?")) ?? pathAndQuery.endIndex
        query = pathAndQuery[pathEnd...].dropFirst()
        var segments: [String] = []
        for segment in pathAndQuery[..<pathEnd].utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(segment, plusIsSpace: false) else { return nil }
            segments.append(decoded)
        }
        self.segments = segments
    }

    /// Proxies may send `http://host/path` (RFC 9112, 3.2.2); a URI of HTTP without a host is none (RFC 9110, 4.2.1).
    private static func withoutAuthority(_ target: String) -> Substring? {
        guard target.utf8.first != UInt8(ascii: "/") else { return target[...] }
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            guard end > rest.startIndex, Authority.isValid(String(rest[..<end])) else { return nil }
            return rest[end...].hasPrefix("/") ? rest[end...] : "/" + rest[end...]
        }
        return nil
    }

    /// The query's parameters in order, decoded. Nil where an escape is broken.
    ///
    /// - Parameter plusFields: the parameters in which `+` means itself; elsewhere it is a space, as forms write it.
    func queryItems(plusFields: [String] = []) -> [QueryItem]? {
        guard !query.isEmpty else { return [] }
        var items: [QueryItem] = []
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let nameEnd = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(pair[..<nameEnd], plusIsSpace: true),
                let value = PercentEncoding.decode(pair[nameEnd...].dropFirst(), plusIsSpace: !plusFields.contains(name))
            else { return nil }
            items.append(QueryItem(name: name, value: value))
        }
        return items
    }
}

struct QueryItem: Equatable {
    let name: String
    let value: String
}

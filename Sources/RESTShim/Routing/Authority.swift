/// The authority of a URI, as in `Host`: a name or an address and, perhaps, a port (RFC 3986, 3.2).
enum Authority {
    /// An empty one is valid: a client whose URI has none sends that (RFC 9112, 3.2). User names are never part of it.
    static func isValid(_ text: String) -> Bool {
        let (host, port) = split(text.utf8[...])
        guard let host, port.allSatisfy({ (0x30...0x39).contains($0) }), port.isEmpty || Int(Substring(port)).map({ $0 < 65536 }) == true
        else {
            return false
        }
        return host.first == UInt8(ascii: "[") ? isIPLiteral(host) : isName(host)
    }

    /// The host is nil where what follows it is no port.
    private static func split(_ text: Substring.UTF8View) -> (host: Substring.UTF8View?, port: Substring.UTF8View) {
        let hostEnd =
            text.first == UInt8(ascii: "[")
            ? text.firstIndex(of: UInt8(ascii: "]")).map(text.index(after:)) : text.firstIndex(of: UInt8(ascii: ":"))
        guard let hostEnd, hostEnd < text.endIndex else { return (text, text[text.endIndex...]) }
        guard text[hostEnd] == UInt8(ascii: ":") else { return (nil, text[text.endIndex...]) }
        return (text[..<hostEnd], text[hostEnd...].dropFirst())
    }

    /// `[2001:db8::1]`. Whether the groups make an address doesn't matter: nobody is called by it.
    private static func isIPLiteral(_ host: Substring.UTF8View) -> Bool {
        guard host.count > 2, host.last == UInt8(ascii: "]") else { return false }
        return host.dropFirst().dropLast().allSatisfy { isAlphanumeric($0) || "-._~:%!$&'()*+,;=".utf8.contains($0) }
    }

    /// Unreserved characters, sub-delimiters and whole escapes.
    private static func isName(_ host: Substring.UTF8View) -> Bool {
        PercentEncoding.decode(host, plusIsSpace: false) != nil
            && host.allSatisfy { isAlphanumeric($0) || "-._~%!$&'()*+,;=".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}

/// A host and a port, written `host:port`, or `[host]:port` where the host is an IPv6 address.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    public var host: String
    /// 0 asks the system for any free port where something listens.
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Nil where `text` is not an address.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let port = text[text.index(after: colon)...]
        guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard let number = Int(port), number <= 65_535 else { return nil }
        guard let host = Self.host(text[..<colon]) else { return nil }
        self.init(host: host, port: number)
    }

    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = text.dropFirst().dropLast()
            return inner.isEmpty ? nil : String(inner)
        }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A && $0 != 0x5B && $0 != 0x5D && $0 != 0x2F }
        return text.isEmpty || !isPlain ? nil : String(text)
    }

    public var description: String {
        host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

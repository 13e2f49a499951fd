public import NIOCore

/// An address of the Internet Protocol, an IPv4 one as `::ffff:192.0.2.1`.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The first and the last 64 bits.
    public let high, low: UInt64

    /// Nil where the socket is none of the Internet Protocol.
    public init?(_ address: SocketAddress) {
        // The system's form of an address has it after the family and the port.
        switch address {
        case .v4: (high, low) = (0, 0xFFFF_0000_0000 | IPAddress.number(of: address, at: 4, count: 4))
        case .v6: (high, low) = (IPAddress.number(of: address, at: 8, count: 8), IPAddress.number(of: address, at: 16, count: 8))
        case .unixDomainSocket: return nil
        }
    }

    /// `192.0.2.1` or `2001:db8::1`.
    public init?(bare text: some StringProtocol) {
        guard let address = try? SocketAddress(ipAddress: String(text), port: 0) else { return nil }
        self.init(address)
    }

    /// The same with a port behind it or not, and spaces around: proxies write both.
    public init?(forwarded text: some StringProtocol) {
        var text = Substring(text).drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        guard let bare = IPAddress.withoutPort(text) else { return nil }
        self.init(bare: bare)
    }

    public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// As ``init(bare:)`` reads it, but that no zeros are left out of an IPv6 address.
    public var description: String {
        if isIPv4 { return [24, 16, 8, 0].map { String(low >> $0 & 0xFF) }.joined(separator: ".") }
        return [high, low].flatMap { half in [48, 32, 16, 0].map { String(half >> $0 & 0xFFFF, radix: 16) } }.joined(separator: ":")
    }

    /// Whether it is this machine itself.
    public var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// `[2001:db8::1]:443`, `192.0.2.1:443`, or an address alone.
    private static func withoutPort(_ text: Substring) -> Substring? {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            return text[text.index(after: text.startIndex)..<end]
        }
        let colons = text.count { $0 == ":" }
        return colons == 1 ? text.prefix { $0 != ":" } : text
    }

    private static func number(of address: SocketAddress, at offset: Int, count: Int) -> UInt64 {
        address.withSockAddr { pointer, size in
            UnsafeRawBufferPointer(start: pointer, count: size).dropFirst(offset).prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

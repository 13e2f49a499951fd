/// Addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
public struct IPNetwork: Hashable, Sendable {
    private let address: IPAddress
    /// Of 128: those of IPv4 come behind 96 others.
    private let bits: Int

    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(bare: parts[0]) else { return nil }
        let longest = address.isIPv4 ? 32 : 128
        var length = longest
        if parts.count == 2 {
            guard let written = Int(parts[1]), (0...longest).contains(written) else { return nil }
            length = written
        }
        self.address = address
        bits = 128 - longest + length
    }

    public func contains(_ other: IPAddress) -> Bool {
        Self.areAlike(address.high, other.high, bits: min(bits, 64)) && Self.areAlike(address.low, other.low, bits: max(bits - 64, 0))
    }

    private static func areAlike(_ one: UInt64, _ other: UInt64, bits: Int) -> Bool {
        (one ^ other) >> (64 - bits) == 0
    }
}

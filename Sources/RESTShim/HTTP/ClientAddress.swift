import ServiceKit

/// Where a client is, as far as shares go. An IPv6 client has a network of 64 bits to itself, so that counts as one.
enum ClientAddress: Hashable, Sendable, CustomStringConvertible {
    case ipv4(UInt32)
    case ipv6Network(UInt64)
    /// A socket of this machine, or one whose peer is not known.
    case local

    init(_ address: IPAddress?) {
        guard let address else {
            self = .local
            return
        }
        self = address.isIPv4 ? .ipv4(UInt32(truncatingIfNeeded: address.low)) : .ipv6Network(address.high)
    }

    var description: String {
        switch self {
        case .ipv4(let address): "4.\(String(address, radix: 16))"
        case .ipv6Network(let network): "6.\(String(network, radix: 16))"
        case .local: "local"
        }
    }
}

import NIOCore

/// Where a client is, as far as shares go. An IPv6 client has a network of 64 bits to itself, so that counts as one.
enum ClientAddress: Hashable {
    case ipv4(UInt32)
    case ipv6Network(UInt64)
    /// A socket of this machine, or one whose peer is not known.
    case local

    init(_ address: SocketAddress?) {
        switch address {
        case .v4: self = address.flatMap { .ipv4(bytes: ClientAddress.bytes(of: $0, at: 4, count: 4)) } ?? .local
        case .v6: self = address.flatMap { .ipv6(bytes: ClientAddress.bytes(of: $0, at: 8, count: 16)) } ?? .local
        case .unixDomainSocket, nil: self = .local
        }
    }

    private static func ipv4(bytes: ArraySlice<UInt8>) -> ClientAddress {
        .ipv4(UInt32(truncatingIfNeeded: number(bytes)))
    }

    /// An IPv4 address may come in the clothes of an IPv6 one: `::ffff:192.0.2.1`.
    private static func ipv6(bytes: ArraySlice<UInt8>) -> ClientAddress {
        let isIPv4 = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes.dropFirst(10).prefix(2).elementsEqual([0xFF, 0xFF])
        return isIPv4 ? .ipv4(bytes: bytes.dropFirst(12)) : .ipv6Network(number(bytes.prefix(8)))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The system's form of an address has it after the family and the port.
    private static func bytes(of address: SocketAddress, at offset: Int, count: Int) -> ArraySlice<UInt8> {
        address.withSockAddr { pointer, size in
            Array(UnsafeRawBufferPointer(start: pointer, count: size)).dropFirst(offset).prefix(count)
        }
    }
}

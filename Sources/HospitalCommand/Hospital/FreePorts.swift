import Foundation
import ServiceKit

/// Finds ports that nobody listens on, and tells whether one is taken.
public struct FreePorts {
    /// Below the range from which the kernel takes ports for outgoing connections, so that none of those is in the way
    /// when a service comes back after a restart.
    private static let range = 20_000...32_000
    private var given: Set<Int> = []

    public init() {}

    /// A free port that this value has not given before.
    public mutating func next(host: String) throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: Self.range)
            if !given.contains(port), Self.isFree(NetworkAddress(host: host, port: port)) {
                given.insert(port)
                return port
            }
        }
        throw PortError.noneFree(host: host)
    }

    /// Whether a server could listen there now. An address that this machine does not have counts as not free.
    public static func isFree(_ address: NetworkAddress) -> Bool {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &found) == 0, let found else { return false }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        return bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 && listen(descriptor, 1) == 0
    }
}

/// Why there is no port to listen on.
public enum PortError: Error, CustomStringConvertible {
    case noneFree(host: String)
    case taken(NetworkAddress, by: String, flag: String)

    public var description: String {
        switch self {
        case .noneFree(let host):
            "found no free port on \(host)"
        case .taken(let address, let name, let flag):
            "can't listen on \(address) for \(name): the port is taken; choose another with \(flag)"
        }
    }
}

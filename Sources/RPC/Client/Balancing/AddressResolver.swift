public import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tells which addresses a name stands for.
public protocol AddressResolver: Sendable {
    /// All of them, on the loop that asks.
    func addresses(of name: ServerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]>
}

/// As the system does: `/etc/hosts`, DNS, and whatever else it is set up for. Asks on a thread that may block.
public struct SystemResolver: AddressResolver {
    public init() {}

    public func addresses(of name: ServerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: eventLoop) { try Self.lookUp(name) }
    }

    private static func lookUp(_ name: ServerAddress) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICSERV
        #if canImport(Darwin) || canImport(Musl)
        hints.ai_socktype = SOCK_STREAM
        #else
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name.host, String(name.port), &hints, &first)
        guard code == 0 else { throw LookUpFailure(description: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(first) }
        return sequence(first: first) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
            entry.flatMap { address(in: $0.pointee) }
        }
    }

    private static func address(in entry: addrinfo) -> SocketAddress? {
        guard let address = entry.ai_addr else { return nil }
        return switch entry.ai_family {
        case AF_INET: address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
        case AF_INET6: address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
        default: nil
        }
    }
}

/// What the system says where a name can't be looked up.
struct LookUpFailure: Error, CustomStringConvertible {
    let description: String
}

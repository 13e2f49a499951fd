import Foundation
import ServiceKit

/// A socket that listens for a part of the hospital before that part runs, while it is started again, and until it stops:
/// whoever connects meanwhile waits in its queue, and nobody else can take the port.
public struct ListeningSocket: Sendable {
    /// Where it listens; never port 0.
    public let address: NetworkAddress
    let descriptor: SharedDescriptor

    private static let backlog: Int32 = 1024

    /// - Parameters:
    ///   - address: port 0 takes any free one.
    ///   - part: whom it is for, in the words of an error.
    ///   - flag: what chooses another address.
    public init(_ address: NetworkAddress, for part: String, flag: String) throws {
        guard let socket = try Self.listen(on: address) else { throw PortError.taken(address, by: part, flag: flag) }
        self.address = NetworkAddress(host: address.host, port: Self.port(of: socket) ?? address.port)
        descriptor = try SharedDescriptor(taking: socket)
    }

    /// Nil where somebody else has the port.
    private static func listen(on address: NetworkAddress) throws -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, String(address.port), &hints, &found)
        guard code == 0, let found else { throw PortError.unusable(address, reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw PortError.unusable(address, reason: String(cString: strerror(errno))) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        if bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0, Foundation.listen(descriptor, backlog) == 0 {
            return descriptor
        }
        let error = errno
        close(descriptor)
        guard error == EADDRINUSE else { throw PortError.unusable(address, reason: String(cString: strerror(error))) }
        return nil
    }

    private static func port(of descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let answer = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard answer == 0 else { return nil }
        // The port stands at the same place in both families.
        return withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(in_port_t(bigEndian: $0.pointee.sin_port)) }
        }
    }
}

/// Why there is no port to listen on.
public enum PortError: Error, CustomStringConvertible {
    case taken(NetworkAddress, by: String, flag: String)
    case unusable(NetworkAddress, reason: String)

    public var description: String {
        switch self {
        case .taken(let address, let name, let flag):
            "can't listen on \(address) for \(name): the port is taken; choose another with \(flag)"
        case .unusable(let address, let reason):
            "can't listen on \(address): \(reason)"
        }
    }
}

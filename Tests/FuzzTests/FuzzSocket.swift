import Foundation

/// A blocking TCP connection that sends exactly the bytes it is told and never waits long.
final class FuzzSocket {
    /// What came of waiting for bytes.
    enum Received {
        case bytes([UInt8])
        case closed
        case nothing
    }

    private let descriptor: Int32

    init(_ address: FuzzAddress, patience: Duration = .milliseconds(200)) throws(FuzzSocketError) {
        #if os(Linux)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { throw FuzzSocketError(what: "socket", errorNumber: errno) }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout.size(ofValue: on)))
        var limit = timeval()
        limit.tv_sec = Int(patience.components.seconds)
        limit.tv_usec = .init(patience.components.attoseconds / 1_000_000_000_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout.size(ofValue: limit)))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout.size(ofValue: limit)))
        var name = address.name
        let result = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let error = errno
            close(descriptor)
            throw FuzzSocketError(what: "connect to \(address.text)", errorNumber: error)
        }
    }

    /// False where the peer takes no more.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func receive() -> Received {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { return .bytes(Array(bytes.prefix(count))) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .closed
    }

    deinit { close(descriptor) }
}

struct FuzzSocketError: Error, CustomStringConvertible {
    let what: String
    let errorNumber: Int32

    var description: String { "\(what): \(String(cString: strerror(errorNumber)))" }
}

/// An IPv4 address and port.
struct FuzzAddress: Sendable {
    let text: String
    let name: sockaddr_in

    /// Reads `127.0.0.1:8080`, with or without `http://` before it.
    init(_ text: String) throws {
        let parts = text.replacingOccurrences(of: "http://", with: "").split(separator: ":")
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        guard parts.count == 2, let port = UInt16(parts[1]),
            inet_pton(AF_INET, parts[0] == "localhost" ? "127.0.0.1" : String(parts[0]), &name.sin_addr) == 1
        else { throw FuzzSocketError(what: "“\(text)” as an IPv4 address and port", errorNumber: EINVAL) }
        name.sin_port = port.bigEndian
        self.text = text
        self.name = name
    }
}

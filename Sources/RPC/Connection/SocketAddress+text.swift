import NIOCore

extension SocketAddress {
    /// `127.0.0.1:7000`, `[::1]:7000`.
    var hostAndPort: String {
        guard let ipAddress, let port else { return description }
        return ServerAddress(host: ipAddress, port: port).description
    }
}

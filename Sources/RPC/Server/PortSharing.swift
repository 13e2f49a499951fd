public import NIOCore

/// Another protocol on a server's port.
public protocol PortSharing: Sendable {
    /// Puts something before what reads from a new connection, which looks at the first bytes and lets them pass, or takes over.
    func share(_ port: SharedPort) throws
}

/// A new connection of a server, before anything of it was read. Used on its event loop only.
public struct SharedPort {
    public let channel: any Channel
    private let connection: ServerConnectionHandler
    private let environment: ServerEnvironment

    init(channel: any Channel, connection: ServerConnectionHandler, environment: ServerEnvironment) {
        self.channel = channel
        self.connection = connection
        self.environment = environment
    }

    public var options: RPCServerOptions { environment.options }

    /// Takes the connection from our own protocol.
    ///
    /// - Throws: where the peer showed no certificate that is welcome here.
    public func takeOver() throws -> ServedChannel {
        guard connection.isWelcome else { throw PeerNotWelcome() }
        let served = ServedChannel(environment, connection.resources, peer: channel.remoteAddress?.hostAndPort ?? "unknown")
        channel.pipeline.syncOperations.removeHandler(connection, promise: nil)
        return served
    }
}

/// Who is not welcome is not listened to, whatever he speaks.
struct PeerNotWelcome: Error {}

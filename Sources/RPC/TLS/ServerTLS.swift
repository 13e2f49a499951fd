import NIOCore
import NIOSSL

/// How a server knows who connects.
public struct ServerTLS: Sendable {
    public var credentials: TLSCredentials
    /// The names of which a peer's certificate must have one, as DNS names among its subject alternatives.
    public var peerNames: Set<String>
    /// Handshakes under way at once; a connection beyond is closed, for a handshake costs more than it costs to ask for one.
    public var maximumHandshakes = 128

    public init(_ credentials: TLSCredentials, peerNames: Set<String>) {
        self.credentials = credentials
        self.peerNames = peerNames
    }

    /// Whether the peer, whose certificate is good, is one of ours.
    func knowsPeer(of channel: any Channel) -> Bool {
        guard let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate() else { return false }
        return certificate._subjectAlternativeNames().contains { name in
            name.nameType == .dnsName && peerNames.contains(String(decoding: name.contents, as: UTF8.self).lowercased())
        }
    }
}

/// How a client knows whom it has reached, and shows who it is.
public struct ClientTLS: Sendable {
    public var credentials: TLSCredentials
    /// The name that the server's certificate must have: `patient.hms`. Addresses may change, this doesn't.
    public var serverName: String

    public init(_ credentials: TLSCredentials, serverName: String) {
        self.credentials = credentials
        self.serverName = serverName
    }
}

public import Logging
public import NIOCore
import NIOSSL
import Synchronization

/// What a process shows of itself over TLS. Looks for other certificates when a connection is made, and so takes them on
/// without a restart: connections that stand keep what they were made with.
public final class TLSCredentials: Sendable {
    /// Who is on the other side.
    public enum Audience: Sendable {
        /// The hospital's own services: TLS 1.3, and each shows a certificate.
        case services
        /// Anybody, from TLS 1.2 on, who shows none.
        case anybody
    }

    private struct State {
        var contexts: TLSContexts
        var nextLook: NIODeadline
    }

    private let source: any TLSMaterialSource
    private let audience: Audience
    private let logger: Logger
    private let pace: TimeAmount
    private let state: Mutex<State>

    /// - Parameter pace: how often the source is looked at, at most.
    /// - Throws: ``TLSMaterialError`` where there is nothing usable to begin with.
    public init(_ source: any TLSMaterialSource, for audience: Audience, pace: Duration = .seconds(1), logger: Logger) throws {
        self.source = source
        self.audience = audience
        self.logger = logger
        self.pace = pace.timeAmount
        guard let contexts = try Self.read(source, audience) else { throw TLSMaterialError("\(source.place): holds nothing") }
        state = Mutex(State(contexts: contexts, nextLook: .now() + self.pace))
    }

    /// Puts the server's side of TLS before what reads from a new connection.
    public func secureServer(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: current().server))
    }

    /// Puts the client's side of TLS before what reads from a new connection, and holds the server to its name.
    func secureClient(_ channel: any Channel, of serverName: String) throws {
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: current().client, serverHostname: serverName))
    }

    /// Bad material changes nothing but the log: what was good goes on to hold, and expires when it does.
    private func current() -> TLSContexts {
        state.withLock { state in
            let now = NIODeadline.now()
            guard state.nextLook <= now else { return state.contexts }
            state.nextLook = now + pace
            do {
                if let contexts = try Self.read(source, audience) {
                    state.contexts = contexts
                    logger.notice("new certificates are in use", metadata: ["place": "\(source.place)"])
                }
            } catch {
                logger.error("the new certificates can't be used; the old ones hold", metadata: ["reason": "\(error)"])
            }
            return state.contexts
        }
    }

    private static func read(_ source: any TLSMaterialSource, _ audience: Audience) throws -> TLSContexts? {
        guard let material = try source.readIfChanged() else { return nil }
        do {
            return try TLSContexts(material, audience)
        } catch {
            throw TLSMaterialError("\(source.place): \(error)")
        }
    }
}

/// Why certificates or a key can't be used.
public struct TLSMaterialError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The material of one reading, for both sides.
private struct TLSContexts {
    let server: NIOSSLContext
    let client: NIOSSLContext

    init(_ material: TLSMaterial, _ audience: TLSCredentials.Audience) throws {
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(bytes: material.privateKey, format: .pem) } catch {
            throw TLSMaterialError("the private key is no PEM of a key")
        }
        let chain = try Self.certificates(material.certificates, "certificate").map(NIOSSLCertificateSource.certificate)
        var server = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateChain = chain
        client.privateKey = .privateKey(key)
        client.minimumTLSVersion = .tlsv13
        switch audience {
        case .services:
            let roots = NIOSSLTrustRoots.certificates(try Self.certificates(material.trustRoots, "trust root"))
            server.minimumTLSVersion = .tlsv13
            server.certificateVerification = .noHostnameVerification
            server.trustRoots = roots
            // For clients of gRPC, who ask. Ours say by their first bytes what they speak.
            server.applicationProtocols = ["h2"]
            client.trustRoots = roots
        case .anybody:
            server.minimumTLSVersion = .tlsv12
            server.applicationProtocols = ["h2", "http/1.1"]
        }
        server.shutdownTimeout = Self.shutdownTimeout
        client.shutdownTimeout = Self.shutdownTimeout
        self.server = try Self.context(server)
        self.client = try Self.context(client)
    }

    /// How long the peer may take to say goodbye, once everything else is said.
    private static let shutdownTimeout = TimeAmount.seconds(1)

    private static func certificates(_ pem: [UInt8], _ kind: String) throws -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty else {
            throw TLSMaterialError("there is no \(kind) in PEM")
        }
        return certificates
    }

    private static func context(_ configuration: TLSConfiguration) throws -> NIOSSLContext {
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw TLSMaterialError("the certificate and the private key don't belong together (\(error))")
        }
    }
}

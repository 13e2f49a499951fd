import NIOCore
import Testing

@testable import RPC

/// Certificates are replaced while a process runs.
@Suite(.timeLimit(.minutes(1))) struct RotationTests {
    let old: TestAuthority
    let new: TestAuthority
    let source: ReplaceableMaterial

    init() throws {
        old = try TestAuthority()
        new = try TestAuthority()
        source = ReplaceableMaterial(try old.material("patient.hms"))
    }

    private func server() throws -> RPCServerOptions {
        var options = RPCServerOptions.patient
        let credentials = try TLSCredentials(source, for: .services, pace: .zero, logger: quietLogger)
        options.tls = ServerTLS(credentials, peerNames: ["appointment.hms"])
        return options
    }

    private func canCall(_ address: ServerAddress, _ options: RPCClientOptions) async throws -> Bool {
        try await withClient(address, options: options) { client in
            await rpcError { try await client.call(.echo, .text("x"), CallOptions()) } == nil
        }
    }

    @Test func `the next connection has the new certificates, and one that stands goes on`() async throws {
        try await withServer(TestService.echo, options: server()) { _, address in
            try await withClient(address, options: old.client()) { standing in
                _ = try await standing.call(.echo, .text("x"), CallOptions())
                source.replace(with: try new.material("patient.hms"))
                #expect(try await canCall(address, new.client()))
                #expect(try await !canCall(address, old.client()))
                let reply = try await standing.call(.echo, .text("y"), CallOptions())
                #expect(reply.payload.text == "y")
            }
        }
    }

    @Test func `certificates that can't be used change nothing`() async throws {
        try await withServer(TestService.echo, options: server()) { _, address in
            var broken = try new.material("patient.hms")
            broken.privateKey = try new.material("patient.hms").privateKey
            for (certificates, key) in [([UInt8]("nonsense".utf8), broken.privateKey), (broken.certificates, broken.privateKey)] {
                source.replace(with: TLSMaterial(certificates: certificates, privateKey: key, trustRoots: broken.trustRoots))
                #expect(try await canCall(address, old.client()))
            }
        }
    }

    @Test func `a key that belongs to no certificate is refused from the beginning`() throws {
        var material = try old.material("patient.hms")
        material.privateKey = try old.material("patient.hms").privateKey
        #expect(throws: TLSMaterialError.self) {
            try TLSCredentials(ReplaceableMaterial(material), for: .services, logger: quietLogger)
        }
    }
}

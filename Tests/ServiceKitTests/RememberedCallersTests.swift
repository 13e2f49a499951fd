import HMSTestKit
import NIOCore
import RPC
import Testing

@testable import ServiceKit

/// Who is remembered over a connection is known no longer than his token and the keys say so.
@Suite(.timeLimit(.minutes(10))) struct RememberedCallersTests {
    private let issuer: TokenIssuer
    private let server: RPCServer
    private let client: RPCClient

    init() async throws {
        issuer = try TokenIssuer()
        let logger = issuer.log.logger()
        let interceptors: [any ServerInterceptor] = [
            ErrorMapping(logger: logger), Authentication(verifier: try await issuer.verifier()),
        ]
        server = RPCServer(services: [Mirror()], interceptors: interceptors, logger: logger)
        let address = try await server.start()
        client = RPCClient(addresses: [address], logger: logger)
    }

    private func subject(_ token: String) async -> String? {
        let options = CallOptions(metadata: [MetadataName.authorization: BearerToken.field(token)])
        return await (try? client.call(Mirror.whoAmI, ByteBuffer(), options)).map { String(buffer: $0.payload) }
    }

    private func stop() async {
        await client.close()
        await server.shutdownGracefully(grace: .zero)
    }

    @Test func `callers on one connection are told apart, however they take turns`() async throws {
        var tokens: [String: String] = [:]
        for number in 0..<40 { tokens["caller-\(number)"] = try issuer.token(.ed25519) { $0.sub = "caller-\(number)" } }
        for _ in 0..<3 {
            for (name, token) in tokens { #expect(await subject(token) == name) }
        }
        await stop()
    }

    @Test func `a token that was good is refused over the same connection once it has expired`() async throws {
        let token = try issuer.token(.ed25519) { $0.exp = issuer.now + 100 }
        for _ in 0..<3 { #expect(await subject(token) == "somebody") }
        issuer.advance(by: 99.9)
        #expect(await subject(token) == "somebody")
        issuer.advance(by: 0.2)
        #expect(await subject(token) == nil)
        await stop()
    }

    @Test func `a token whose key was taken away is refused over the same connection`() async throws {
        let token = try issuer.token(.ed25519)
        for _ in 0..<3 { #expect(await subject(token) == "somebody") }
        let stranger = try TokenIssuer()
        try issuer.folder.write(try stranger.jwks(), to: "jwks.json")
        issuer.advance(by: 2)
        #expect(await subject(token) == nil)
        #expect(await subject(try stranger.token(.ed25519)) != nil)
        await stop()
    }

    @Test func `a token that differs in one letter is looked at anew`() async throws {
        let token = try issuer.token(.ed25519)
        #expect(await subject(token) == "somebody")
        var letters = Array(token)
        letters[letters.count - 40] = letters[letters.count - 40] == "A" ? "B" : "A"
        #expect(await subject(String(letters)) == nil)
        #expect(await subject(token) == "somebody")
        await stop()
    }
}

/// Tells a caller who he is.
private struct Mirror: RPCService {
    static let whoAmI = MethodDescriptor(name: "test.Mirror/WhoAmI", idempotency: .readOnly, roles: [.reception])

    let methods = [whoAmI]

    func call(_ call: ServerCall) async throws -> ServerReply {
        ServerReply(payload: ByteBuffer(string: call.context.principal?.subject ?? ""))
    }
}

import Contracts
import NIOCore
import PublicRoutes
import RPC
import Routes
import ServiceKit
import Testing

@testable import RESTShim

/// Every method of the contracts by its own name, asked by nobody and in each role: the contract alone says who is let in.
@Suite(.timeLimit(.minutes(10))) struct EveryCallTests {
    private static let services = Set(Contracts.methods.map(\.serviceName))
    private static let callers: [CallerRole?] = [nil, .reception, .doctor, .billing, .admin, .service]

    private func withShim(_ body: (Shim, FakeChannel) async throws -> Void) async throws {
        let channel = FakeChannel { _ in throw RPCError.notFound("WHAT_WAS_ASKED_NOT_FOUND") }
        let channels = Dictionary(uniqueKeysWithValues: Self.services.map { ($0, channel as any RPCChannel) })
        try await Shim.run(routes: [], channels: channels) { shim async throws in try await body(shim, channel) }
    }

    /// Whether the public port knows the method at all: it doesn't know what is for services alone.
    private static func isPublic(_ method: MethodDescriptor) -> Bool {
        !method.roles.subtracting(.service).isEmpty && !method.name.hasPrefix("hms.rpc.")
    }

    @Test func `gRPC lets in whom the contract names, and nobody else`() async throws {
        try await withShim { shim, channel async throws in
            try await FrameConnection.open(port: shim.port) { client in
                var stream = 1
                for role in Self.callers {
                    var fields: [(String, String)] = []
                    if let role { fields = [("authorization", "Bearer \(try await shim.token(role))")] }
                    for method in Contracts.methods where !method.isStreamed {
                        let before = channel.calls.count
                        try await client.call(stream, method.name, "", fields)
                        let status = try await client.answer(on: stream).grpcStatus
                        let isLetIn = role.map { method.roles.permits($0.set) } ?? false
                        let expected = !Self.isPublic(method) ? 12 : role == nil ? 16 : isLetIn ? 5 : 7
                        #expect(status == expected, "\(method.name) as \(role?.rawValue ?? "nobody")")
                        #expect(channel.calls.count - before == (expected == 5 ? 1 : 0))
                        stream += 2
                    }
                }
                #expect(stream > 300)
            }
        }
    }

    @Test func `Connect lets in whom the contract names, and nobody else`() async throws {
        try await withShim { shim, channel async throws in
            let known = Set(Contracts.calls.map(\.method).filter(Self.isPublic).map(\.name))
            #expect(known == Set(Contracts.methods.filter { Self.isPublic($0) && !$0.isStreamed }.map(\.name)))
            for method in Contracts.methods {
                for role in [nil, .reception, .billing] as [CallerRole?] {
                    let answer = try await shim.ask(
                        "POST", "/\(method.name)", ["Content-Type": "application/proto"], body: "", role: role)
                    let isLetIn = role.map { method.roles.permits($0.set) } ?? false
                    let expected = !known.contains(method.name) || isLetIn ? 404 : role == nil ? 401 : 403
                    #expect(answer.status == expected, "\(method.name) as \(role?.rawValue ?? "nobody")")
                }
            }
            #expect(channel.calls.allSatisfy { known.contains($0.method.name) })
        }
    }
}

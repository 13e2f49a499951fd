import HospitalClient
import PlainText
public import ServiceKit

/// The people of the demo hospital at its public API. What one of them sends is answered, or the demo fails.
public struct DemoStaff: Sendable {
    private static let patience: Duration = .seconds(20)

    private let client: @Sendable (CallerRole, _ subject: String) async throws -> HospitalClient
    let reception: PersistentSender
    let billing: PersistentSender
    let admin: PersistentSender

    /// - Parameter client: the way to the public API for somebody in a role.
    public init(client: @escaping @Sendable (CallerRole, _ subject: String) async throws -> HospitalClient) async throws {
        self.client = client
        reception = PersistentSender(client: try await client(.reception, "front-desk"), patience: Self.patience)
        billing = PersistentSender(client: try await client(.billing, "cashier"), patience: Self.patience)
        admin = PersistentSender(client: try await client(.admin, "demo"), patience: Self.patience)
    }

    func doctor(_ id: String) async throws -> PersistentSender {
        PersistentSender(client: try await client(.doctor, id), patience: Self.patience)
    }
}

extension PersistentSender {
    func get(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> JSONValue {
        try await answer(APIRequest(.get, path, query: query))
    }

    /// - Parameter key: the same for a request that is sent again.
    func post(_ path: String, _ body: JSONValue = [:], key: String) async throws -> JSONValue {
        try await answer(APIRequest(.post, path, body: body, headers: [("idempotency-key", key)]))
    }

    /// The body of the answer, null where it has none.
    func answer(_ request: APIRequest) async throws -> JSONValue {
        switch try await send(request) {
        case .answered(let reply, _) where reply.isSuccess: return reply.body ?? .null
        case .answered(let reply, _): throw DemoFailed(reason: "\(request.method.rawValue) \(request.path): \(reply.reason)")
        case .unreachable(let reason): throw DemoFailed(reason: "\(request.method.rawValue) \(request.path): \(reason)")
        }
    }
}

import AsyncHTTPClient
import HospitalClient
import PlainText

/// What a hospital that runs can do.
public enum HospitalState: Sendable {
    case ready
    /// Nothing can be stored: the disk is full. What is there can be read.
    case readOnly

    /// What `/readyz` says in the place of a service that can work, where its disk is full.
    private static let full = "STORAGE_FULL"
    private static let serving = "SERVING"

    /// Lets `body` ask the hospital at `url` again and again; the answer is nil as long as parts of it are missing.
    static func asking<Answer: Sendable>(
        _ url: String, _ body: (_ ask: () async -> HospitalState?) async throws -> Answer
    ) async throws -> Answer {
        let url = try HospitalURL(url)
        return try await HTTPClient.withHospitalClient(for: url, connectTimeout: .seconds(1)) { http in
            let client = HospitalClient(url: url, token: nil, http: http)
            return try await body {
                // Until it answers there is no state at all: that is “not ready” too.
                guard let reply = try? await client.send(APIRequest(.get, "/readyz"), timeout: .seconds(2)) else { return nil }
                return HospitalState(reply)
            }
        }
    }

    private init?(_ reply: APIReply) {
        if reply.isSuccess {
            self = .ready
            return
        }
        guard case .object(let members) = reply.body?["services"] else { return nil }
        let states = members.map(\.value.text)
        guard !states.isEmpty, states.allSatisfy({ $0 == Self.serving || $0 == Self.full }) else { return nil }
        self = .readOnly
    }
}

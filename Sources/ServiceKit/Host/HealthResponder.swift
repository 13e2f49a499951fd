import Contracts
import RPC

/// Tells whether a service wants calls.
struct HealthResponder: HealthServiceProtocol {
    let service: String
    let readiness: Readiness

    func check(_ request: CheckRequest, _ context: CallContext) async throws -> CheckResponse {
        CheckResponse(status: readiness.isReady ? .serving : .notServing, service: service)
    }
}

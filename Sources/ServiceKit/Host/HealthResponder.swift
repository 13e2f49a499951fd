import Contracts
import RPC
import Storage

/// Tells whether a service wants calls, and whether it can store anything.
struct HealthResponder: HealthServiceProtocol {
    let service: String
    let readiness: ServiceReadiness
    let database: Database

    func check(_ request: CheckRequest, _ context: CallContext) async throws -> CheckResponse {
        CheckResponse(
            status: await status(), service: service, version: Contracts.version, timeMs: SystemTime.millisecondsSinceEpoch())
    }

    private func status() async -> ServingStatus {
        guard readiness.isReady else { return .notServing }
        switch await database.condition() {
        case .sound: return .serving
        case .full: return .storageFull
        case .damaged: return .storageDamaged
        }
    }
}

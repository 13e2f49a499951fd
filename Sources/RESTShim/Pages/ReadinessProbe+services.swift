import Contracts
import RPC
import Routes

extension ReadinessProbe {
    /// Asks the health service of each service that has a channel, or a route and should have one.
    convenience init(routes: [Route], channels: [String: any RPCChannel], timeout: Duration) {
        let services = Set(routes.map(\.method.serviceName)).union(channels.keys)
        self.init(
            checks: services.sorted().map { service in
                guard let channel = channels[service] else { return Check(service: service) { ReadinessProbe.notConfigured } }
                return Check(service: service) { await ReadinessProbe.state(of: HealthServiceClient(channel), timeout: timeout) }
            })
    }

    private static func word(for status: ServingStatus) -> String {
        switch status {
        case .serving: serving
        case .storageFull: "STORAGE_FULL"
        case .storageDamaged: "STORAGE_DAMAGED"
        default: "NOT_SERVING"
        }
    }

    private static func state(of health: HealthServiceClient, timeout: Duration) async -> String {
        do {
            let answer = try await health.check(CheckRequest(), CallOptions(timeout: timeout, retry: false))
            return word(for: answer.status)
        } catch {
            return (error as? RPCError)?.reason ?? "INTERNAL"
        }
    }
}

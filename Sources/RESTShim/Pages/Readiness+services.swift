import Contracts
import RPC

extension Readiness {
    /// Asks the health service behind each channel.
    init(channels: [String: any RPCChannel], timeout: Duration) {
        checks = channels.sorted { $0.key < $1.key }.map { service, channel in
            Check(service: service) { await Readiness.state(of: HealthServiceClient(channel), timeout: timeout) }
        }
    }

    private static func state(of health: HealthServiceClient, timeout: Duration) async -> String {
        do {
            let answer = try await health.check(CheckRequest(), CallOptions(timeout: timeout, retry: false))
            return answer.status == .serving ? serving : "NOT_SERVING"
        } catch {
            return (error as? RPCError)?.reason ?? "INTERNAL"
        }
    }
}

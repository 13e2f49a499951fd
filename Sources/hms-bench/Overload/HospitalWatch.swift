import AsyncHTTPClient
import HospitalClient
import ProcessDriving
import Synchronization

/// Looks after a hospital while others load it: whether it answers for its health, and how much memory it takes.
final class HospitalWatch: Sendable {
    struct Seen: Sendable {
        var asked = 0
        var answered = 0
        var slowest = Duration.zero
        var memory = 0.0
    }

    private let seen = Mutex(Seen())

    var sofar: Seen { seen.withLock { $0 } }

    /// Asks in turn for both probes, five times a second, until it is cancelled.
    func run(_ hospital: HospitalProcess) async throws {
        let url = try HospitalURL(hospital.url)
        try await HTTPClient.withHospitalClient(connections: 2) { http in
            let client = HospitalClient(url: url, token: nil, http: http)
            while !Task.isCancelled {
                for probe in ["/livez", "/readyz"] { await ask(client, probe) }
                let memory = ProcessUsage.family(of: hospital.pid).compactMap { ProcessUsage.residentMegabytes(of: $0) }.reduce(0, +)
                seen.withLock { $0.memory = max($0.memory, memory) }
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    private func ask(_ client: HospitalClient, _ probe: String) async {
        let start = ContinuousClock.now
        let reply = try? await client.send(APIRequest(.get, probe))
        if Task.isCancelled { return }
        seen.withLock { seen in
            seen.asked += 1
            if reply?.status == 200 { seen.answered += 1 }
            seen.slowest = max(seen.slowest, .now - start)
        }
    }
}

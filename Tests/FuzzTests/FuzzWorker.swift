import Foundation
import SeededRandom

/// Sends its share of the inputs, one after another, and a good request now and then.
struct FuzzWorker: Sendable {
    let target: FuzzTarget
    let seed: UInt64
    let count: Int
    let between: Int

    /// Its sockets block, so it has a thread of its own.
    func runOnThread() async -> FuzzTally {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: run()) }.start()
        }
    }

    private func run() -> FuzzTally {
        var tally = FuzzTally()
        var random = SplitMix64(seed: seed)
        var http = HTTPFuzzer(target)
        var services = target.services.map { RPCFuzzer($0, token: target.token) }
        let good = HTTPFuzzConnection(target.http, patience: .seconds(10))
        for number in 0..<count {
            if number % 2 == 0 || services.isEmpty {
                http.sendOne(&random, &tally)
            } else {
                services[number / 2 % services.count].sendOne(&random, &tally)
            }
            if number % between == between - 1 || number == count - 1 { ask(good, &tally) }
        }
        return tally
    }

    private func ask(_ good: HTTPFuzzConnection, _ tally: inout FuzzTally) {
        for path in ["/livez", "/v1/patients"] {
            let request = HTTPFuzzConnection.request("GET", path, token: target.token)
            // The server may have closed a connection that was idle: once more on a new one.
            let status = good.status(of: request) ?? good.status(of: request)
            tally.countGoodRequest()
            if status != 200 { tally.fault("GET \(path) gave \(status.map(String.init) ?? "no answer")") }
        }
    }
}

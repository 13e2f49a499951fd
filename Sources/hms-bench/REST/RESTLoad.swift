import Foundation
import ProcessDriving

/// A script of requests, sent to a hospital by wrk: a client that costs little.
struct RESTLoad {
    let name: String
    let scriptFile: String
    let token: String
    /// What the script reads of its environment, besides.
    let variables: [String: String]

    /// What one round gave.
    struct Round {
        let perSecond: Double
        let p50: Double
        let p99: Double
        /// Microseconds of all the hospital's processes, for each of what is counted.
        let processorTime: Double
        /// Of all processors, the client's time included.
        let processorsBusy: Double
    }

    /// - Parameter round: makes what is sent different from all other rounds.
    func run(on hospital: HospitalProcess, connections: Int, seconds: Int, round: Int) async throws -> Round {
        let threads = min(2, connections)
        let environment = ["TOKEN": token, "THREADS": String(threads), "ROUND": String(round)].merging(variables) { $1 }
        let before = Usage(of: hospital)
        let wrk = try await CommandRun(
            "/usr/bin/env", ["wrk", "-t\(threads)", "-c\(connections)", "-d\(seconds)s", "-s", scriptFile, hospital.url],
            environment: environment)
        let spent = Usage(of: hospital) - before
        guard wrk.status == 0, let line = wrk.output.split(separator: "\n").last,
            let counts = try? JSONDecoder().decode(Counts.self, from: Data(line.utf8)), counts.counted > 0
        else { throw BenchmarkFailed(reason: "wrk: \(wrk.output)") }
        guard counts.refused == 0, counts.broken == 0 else {
            throw BenchmarkFailed(reason: "\(name): \(counts.refused) of \(counts.requests) refused, \(counts.broken) broken")
        }
        guard counts.spent != true else { throw BenchmarkFailed(reason: "\(name): there was less to do than time for it") }
        return Round(
            perSecond: counts.per_second, p50: counts.p50, p99: counts.p99,
            processorTime: spent.hospital * 1e6 / Double(counts.counted), processorsBusy: spent.machine / Double(seconds))
    }

    /// What the script says.
    private struct Counts: Decodable {
        let per_second: Double
        let p50: Double
        let p99: Double
        let requests: Int
        let refused: Int
        let broken: Int
        /// Where they are counted, and not requests.
        let visits: Int?
        /// Whether the script had nothing left to send.
        let spent: Bool?

        var counted: Int { visits ?? requests }
    }

    /// Seconds of processor time so far.
    private struct Usage {
        var hospital: Double
        var machine: Double

        init(of process: HospitalProcess) {
            hospital = ProcessUsage.family(of: process.pid).compactMap { ProcessUsage.cpuSeconds(of: $0) }.reduce(0, +)
            machine = ProcessUsage.machineSeconds()
        }

        static func - (later: Usage, earlier: Usage) -> Usage {
            var spent = later
            spent.hospital -= earlier.hospital
            spent.machine -= earlier.machine
            return spent
        }
    }
}

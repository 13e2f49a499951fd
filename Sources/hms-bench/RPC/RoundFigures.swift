/// Latencies in buckets of a microsecond, up to 100 ms.
struct Latencies: Sendable {
    private var buckets = [Int32](repeating: 0, count: 100_000)
    private(set) var count = 0

    mutating func add(_ duration: Duration) {
        let microseconds = Int(duration.components.attoseconds / 1_000_000_000_000)
        buckets[min(microseconds, buckets.count - 1)] += 1
        count += 1
    }

    mutating func merge(_ other: Latencies) {
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        count += other.count
    }

    /// Microseconds that this share of calls stayed within.
    func percentile(_ share: Double) -> Double {
        var left = Int(Double(count) * share)
        for (microseconds, count) in buckets.enumerated() {
            left -= Int(count)
            if left < 0 { return Double(microseconds) }
        }
        return Double(buckets.count)
    }
}

/// Processor time of both sides.
struct CPUReading {
    var client: Double
    var server: Double

    init(server process: Int32?) {
        client = ProcessUsage.cpuSeconds(of: ProcessUsage.processID) ?? 0
        server = process.flatMap(ProcessUsage.cpuSeconds) ?? 0
    }

    static func - (later: CPUReading, earlier: CPUReading) -> CPUReading {
        var difference = later
        difference.client -= earlier.client
        difference.server -= earlier.server
        return difference
    }
}

struct RoundResult {
    let latencies: Latencies
    let seconds: Double
    let cpu: CPUReading
    let serverMegabytes: Double
}

/// The medians of all rounds.
struct RoundFigures {
    private var rates = Rounds()
    private var p50 = Rounds()
    private var p99 = Rounds()
    private var clientCPU = Rounds()
    private var serverCPU = Rounds()
    private var megabytes = Rounds()

    mutating func add(_ result: RoundResult) {
        let calls = Double(max(1, result.latencies.count))
        rates.add(calls / result.seconds)
        p50.add(result.latencies.percentile(0.5))
        p99.add(result.latencies.percentile(0.99))
        clientCPU.add(result.cpu.client * 1e9 / calls)
        serverCPU.add(result.cpu.server * 1e9 / calls)
        megabytes.add(result.serverMegabytes)
    }

    var summary: String {
        """
        calls/s \(rates.summary) · p50 \(p50.summary) µs · p99 \(p99.summary) µs · \
        CPU ns per call: client \(clientCPU.summary), server \(serverCPU.summary) · server memory \(megabytes.summary) MB
        """
    }
}

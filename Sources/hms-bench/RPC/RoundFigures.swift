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
        calls/s \(rates.summary) · p50 \(p50.inTenths) µs · p99 \(p99.inTenths) µs · \
        CPU ns per call: client \(clientCPU.summary), server \(serverCPU.summary) · server memory \(megabytes.summary) MB
        """
    }
}

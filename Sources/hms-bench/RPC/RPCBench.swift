import ArgumentParser
import Contracts
import FieldChecks
import Logging
import NIOCore
import NIOPosix
import RPC
import ServiceKit

/// `hms-bench rpc`: calls a running `hms-bench rpc-server` as fast as it answers.
struct RPCBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc",
        abstract: "Unary calls to a running `hms-bench rpc-server`: a request of about 60 bytes, an answer of about 200.")

    @Option(help: "The server's port.") var port = 7900
    @Option(help: "How many connections.") var connections = 1
    @Option(help: "Calls in flight on each connection.") var inFlight = 64
    @Option(help: "Seconds of each round.") var seconds = 5
    @Option(help: "Rounds, after one that is thrown away.") var rounds = 5
    @Option(help: "How many event loops call.") var threads = 1
    @Option(help: "Speaks over TLS, with the certificates that the server has made in this folder.") var tls: String?

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let loops = Array(group.makeIterator())
        let callers = try (0..<connections).map { number in
            Caller(client: try client(of: loops[number % loops.count]), executor: EventLoopExecutor.of(loops[number % loops.count]))
        }
        let token = try await callers[0].token()
        var figures = RoundFigures()
        for round in 0...rounds {
            let result = try await measure(callers, token)
            if round > 0 { figures.add(result) }
        }
        print("\(connections) × \(inFlight) in flight: \(figures.summary)")
        for caller in callers { await caller.client.close() }
        try await group.shutdownGracefully()
    }

    private func client(of loop: any EventLoop) throws -> RPCClient {
        let logger = Logger(label: "hms-bench")
        var options = RPCClientOptions()
        if let tls {
            let files = ServiceCertificates(dataFolder: tls, for: []).files(of: "command")
            options.tls = try TLSCredentials(TLSFiles(files), for: .services, logger: logger).asClient(of: "patient")
        }
        return RPCClient(host: "127.0.0.1", port: port, options: options, eventLoopGroup: loop, logger: logger)
    }

    private func measure(_ callers: [Caller], _ token: String) async throws -> RoundResult {
        let server = ProcessUsage.server(onPort: port)
        let before = CPUReading(server: server)
        let clock = ContinuousClock()
        let start = clock.now
        let end = NIODeadline.now() + .seconds(Int64(seconds))
        let latencies = try await withThrowingTaskGroup(of: Latencies.self) { group in
            for caller in callers {
                for _ in 0..<inFlight {
                    group.addTask(executorPreference: caller.executor) { try await caller.callUntil(end, token) }
                }
            }
            return try await group.reduce(into: Latencies()) { $0.merge($1) }
        }
        let elapsed = (clock.now - start) / .seconds(1)
        return RoundResult(
            latencies: latencies, seconds: elapsed, cpu: CPUReading(server: server) - before,
            serverMegabytes: server.flatMap(ProcessUsage.residentMegabytes) ?? 0)
    }
}

/// One connection, and the loop on which its callers run.
struct Caller: Sendable {
    let client: RPCClient
    let executor: EventLoopExecutor

    func token() async throws -> String {
        String(buffer: try await client.call(BenchTokenService.issueToken, ByteBuffer(), CallOptions()).payload)
    }

    func callUntil(_ end: NIODeadline, _ token: String) async throws -> Latencies {
        let patients = PatientServiceClient(client)
        let request = GetPatientRequest(patientID: "pat_01jd4h6p0q8x5v2n7r9m3k1b6z")
        let options = CallOptions(timeout: .seconds(5), metadata: [MetadataName.authorization: BearerToken.field(token)], trace: .fresh())
        var latencies = Latencies()
        var now = NIODeadline.now()
        while now < end {
            let reply = try await patients.getPatient(request, options)
            guard reply.patient?.version == 3 else { throw RPCError.internal }
            let after = NIODeadline.now()
            latencies.add(nanoseconds: (after - now).nanoseconds)
            now = after
        }
        return latencies
    }
}

import ArgumentParser
import Logging
import NIOCore
import NIOPosix
import RPC

/// `hms-bench grpc`: standard gRPC by h2load, a client so light that the servers are what is measured.
struct GRPCBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grpc",
        abstract: "Calls `peers.Patients/Get` of a running `hms-bench rpc-server`, and of other servers in the same rounds, by h2load.")

    @Option(help: "Our server's port.") var port = 7900
    @Option(help: "Another gRPC server of this machine, its name and port: name=7901. Repeatable.") var other: [GRPCTarget] = []
    @Option(help: "How many connections.") var connections = 1
    @Option(help: "Calls in flight on each connection.") var inFlight = 64
    @Option(help: "Seconds of each round, after one that is thrown away.") var seconds = 3
    @Option(help: "Rounds, after one that is thrown away.") var rounds = 5

    func run() async throws {
        let load = try GRPCLoad(token: try await token(), connections: connections, inFlight: inFlight, seconds: seconds)
        let targets = [GRPCTarget(name: "ours", port: port)] + other
        var figures = targets.map { _ in GRPCFigures() }
        for round in 0...rounds {
            for (place, target) in targets.enumerated() {
                let result = try await load.run(on: target)
                if round > 0 { figures[place].add(result) }
            }
        }
        for (target, figures) in zip(targets, figures) {
            print("\(target.name), \(connections) × \(inFlight) in flight: \(figures.summary)")
        }
    }

    private func token() async throws -> String {
        let client = RPCClient(
            host: "127.0.0.1", port: port, options: RPCClientOptions(), eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "hms-bench"))
        let token = String(buffer: try await client.call(BenchTokenService.issueToken, ByteBuffer(), CallOptions()).payload)
        await client.close()
        return token
    }
}

/// A gRPC server that is called.
struct GRPCTarget: ExpressibleByArgument {
    let name: String
    let port: Int
}

extension GRPCTarget {
    init?(argument: String) {
        let parts = argument.split(separator: "=")
        guard parts.count == 2, let port = Int(parts[1]) else { return nil }
        self.init(name: String(parts[0]), port: port)
    }
}

/// The medians of all rounds.
private struct GRPCFigures {
    private var rates = Rounds()
    private var clientBusy = Rounds()
    private var serverCPU = Rounds()

    mutating func add(_ round: GRPCLoad.Round) {
        rates.add(round.perSecond)
        clientBusy.add(round.clientBusy)
        serverCPU.add(round.serverMicroseconds)
    }

    var summary: String {
        "calls/s \(rates.summary) · server CPU \(serverCPU.inTenths) µs a call · client busy \(clientBusy.inTenths) cores"
    }
}

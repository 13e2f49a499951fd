import Foundation
import NIOCore
import ProcessDriving
import RPC

/// One call, repeated by h2load: HTTP/2 frames from C, one thread.
struct GRPCLoad {
    let connections: Int
    let inFlight: Int
    let seconds: Int
    private let token: String
    private let bodyFile: String

    /// What one round gave.
    struct Round {
        let perSecond: Double
        /// The server's processor time, warm-up included in both what it did and what it took.
        let serverMicroseconds: Double
        /// Cores of the client.
        let clientBusy: Double
    }

    private static let warmUpSeconds = 1

    init(token: String, connections: Int, inFlight: Int, seconds: Int) throws {
        self.token = token
        self.connections = connections
        self.inFlight = inFlight
        self.seconds = seconds
        let request = PeerPatientService.request
        var message = ByteBuffer(integer: UInt8(0))
        message.writeInteger(UInt32(request.readableBytes))
        message.writeImmutableBuffer(request)
        let folder = BenchFolder().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        bodyFile = folder + "/request"
        try Data(message.readableBytesView).write(to: URL(filePath: bodyFile))
    }

    func run(on target: GRPCTarget) async throws -> Round {
        let server = ProcessUsage.server(onPort: target.port)
        let before = server.flatMap(ProcessUsage.cpuSeconds) ?? 0
        let machine = ProcessUsage.machineSeconds()
        let h2load = try await CommandRun("/usr/bin/env", ["h2load"] + arguments(for: target))
        let serverSeconds = (server.flatMap(ProcessUsage.cpuSeconds) ?? 0) - before
        let machineSeconds = ProcessUsage.machineSeconds() - machine
        guard h2load.status == 0, let said = H2LoadSummary(h2load.output) else {
            throw BenchmarkFailed(reason: "h2load: \(h2load.output)")
        }
        // A call that is refused has no message: how many bytes came says whether all were answered.
        let calls = said.perSecond * Double(seconds + Self.warmUpSeconds)
        guard said.failed == 0, Double(said.dataBytes) > 150 * calls * 0.8 else {
            throw BenchmarkFailed(reason: "\(target.name): not every call was answered: \(h2load.output)")
        }
        return Round(
            perSecond: said.perSecond, serverMicroseconds: serverSeconds * 1e6 / calls,
            clientBusy: (machineSeconds - serverSeconds) / Double(seconds + Self.warmUpSeconds))
    }

    private func arguments(for target: GRPCTarget) -> [String] {
        let fields = ["content-type: application/grpc", "te: trailers", "grpc-timeout: 10S", "authorization: Bearer \(token)"]
        return ["-c", "\(connections)", "-m", "\(inFlight)", "-t", "1", "-D", "\(seconds)", "--warm-up-time", "\(Self.warmUpSeconds)"]
            + fields.flatMap { ["-H", $0] } + ["-d", bodyFile, "http://127.0.0.1:\(target.port)/\(PeerPatientService.get.name)"]
    }
}

/// What h2load prints at its end.
private struct H2LoadSummary {
    let perSecond: Double
    let failed: Int
    /// Bytes of DATA frames, those of the warm-up included.
    let dataBytes: Int

    init?(_ output: String) {
        guard let rate = output.firstMatch(of: /finished in .*?, ([0-9.]+) req\/s/).flatMap({ Double($0.1) }),
            let failed = output.firstMatch(of: /([0-9]+) failed/).flatMap({ Int($0.1) }),
            let bytes = output.firstMatch(of: /\(([0-9]+)\) data/).flatMap({ Int($0.1) })
        else { return nil }
        perSecond = rate
        self.failed = failed
        dataBytes = bytes
    }
}

import ArgumentParser
import Foundation
import HospitalCommand
import ServiceKit

/// `hms-bench fuzz`
struct FuzzBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Sends a running hospital inputs that are wrong, half to its public port and half to its services.",
        discussion: """
            The hospital must run already: “hms up --data DIR”. The same seed makes the same inputs. Fails where one of the \
            hospital's processes died, a good request in between failed, or anything was answered with 500 or INTERNAL.
            """)

    @Option(help: "The data folder of the hospital.")
    var data: String

    @Option(help: "Inputs.")
    var requests = 500_000

    @Option(help: "What the inputs are made from.")
    var seed: UInt64 = 1

    @Option(help: "Connections at the same time, to each port.")
    var connections = 8

    @Option(help: "Inputs of a connection between two good requests.")
    var between = 500

    func validate() throws {
        guard requests > 0, (1...256).contains(connections), between > 0 else {
            throw ValidationError("--requests and --between must be positive, --connections from 1 to 256.")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let folder = DataFolder(data)
        let addresses = try folder.runningHospital()
        let token = try folder.token(subject: "fuzz", role: .admin, lifetime: .seconds(86_400))
        let target = try FuzzTarget(addresses, token: token)
        var processes = HospitalProcesses(of: addresses.pid)
        processes.look()
        let began = ContinuousClock.now
        var tally = await send(0..<requests / 2, to: target)
        processes.look()
        tally.add(await send(requests / 2..<requests, to: target))
        processes.look()
        show(tally, processes, took: ContinuousClock.now - began)
        guard tally.faults.isEmpty, processes.changes.isEmpty else { throw ExitCode.failure }
    }

    /// Sends the inputs of these numbers, each worker its share on a thread of its own.
    private func send(_ numbers: Range<Int>, to target: FuzzTarget) async -> FuzzTally {
        await withTaskGroup(of: FuzzTally.self) { group in
            for index in 0..<connections {
                let share = numbers.count / connections + (index < numbers.count % connections ? 1 : 0)
                let workerSeed = seed &* 0x2545_F491_4F6C_DD1D &+ UInt64(numbers.lowerBound) << 16 &+ UInt64(index)
                let worker = FuzzWorker(target: target, seed: workerSeed, count: share, between: between)
                group.addTask { await worker.runOnThread() }
            }
            return await group.reduce(into: FuzzTally()) { $0.add($1) }
        }
    }

    private func show(_ tally: FuzzTally, _ processes: HospitalProcesses, took: Duration) {
        let seconds = took / .seconds(1)
        print("\(requests) inputs, seed \(seed), \(Int(seconds)) s (\(Int(Double(requests) / seconds))/s)")
        print(tally.summary)
        print("processes that ended or were started anew: \(processes.changes.count)")
        print("resident before, at half, after (KiB):")
        print(processes.summary)
        for change in processes.changes { print("FAILED: \(change)") }
        for fault in tally.faults { print("FAILED: \(fault)") }
    }
}

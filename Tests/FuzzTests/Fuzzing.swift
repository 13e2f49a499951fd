import Foundation

/// Sends a running hospital inputs that are wrong, half to its public port and half to its services. The same seed makes the
/// same inputs.
struct Fuzzing: Sendable {
    var inputs = 4_000
    var seed: UInt64 = 1
    /// At the same time, to each port.
    var connections = 8
    /// Inputs of a connection between two good requests.
    var between = 250

    /// What was sent, what came of it, and which processes of the hospital changed meanwhile.
    struct Report: Sendable {
        let tally: FuzzTally
        let processes: HospitalProcesses
        let took: Duration
    }

    func run(against target: FuzzTarget, processes: HospitalProcesses) async -> Report {
        var processes = processes
        let began = ContinuousClock.now
        processes.look()
        var tally = await send(0..<inputs / 2, to: target)
        processes.look()
        tally.add(await send(inputs / 2..<inputs, to: target))
        processes.look()
        return Report(tally: tally, processes: processes, took: .now - began)
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
}

extension Fuzzing {
    /// As many inputs, and from the seed, that the environment asks for, as `make fuzz` does; what a few seconds hold where it
    /// asks for nothing.
    static func asAsked(by environment: [String: String] = ProcessInfo.processInfo.environment) -> Fuzzing {
        var fuzzing = Fuzzing()
        if let inputs = environment["FUZZ_INPUTS"].flatMap(Int.init) { fuzzing.inputs = inputs }
        if let seed = environment["FUZZ_SEED"].flatMap(UInt64.init) { fuzzing.seed = seed }
        return fuzzing
    }

    /// How long it may take, on a machine on which much else is going on.
    var minutesAtMost: Int { 10 + inputs / 10_000 }
}

extension Fuzzing.Report: CustomStringConvertible {
    var description: String {
        """
        \(Int(took / .seconds(1))) s
        \(tally.summary)
        processes that ended or were started anew: \(processes.changes.count)
        resident before, at half, after (KiB):
        \(processes.summary)
        """
    }
}

import Foundation
import Testing

@testable import RPC

/// Thousands of lives of connections, each decided by its seed. One that fails is printed; `HMS_SIMULATION_SEED=<seed>`
/// replays it alone, `HMS_SIMULATION_SEEDS=<count>` asks for more. Other tests get their turn between two lives.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["HMS_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 2000
    private static let batches: [ClosedRange<UInt64>] =
        environment["HMS_SIMULATION_SEED"].flatMap { UInt64($0) }.map { [$0...$0] }
        ?? stride(from: UInt64(0), to: count, by: 500).map { $0...min($0 + 499, count - 1) }

    @Test(arguments: batches)
    func `every promise of a connection holds, whatever happens`(seeds: ClosedRange<UInt64>) async {
        for seed in seeds {
            await Task.yield()
            let complaints = Simulation(seed: seed).run()
            #expect(complaints.isEmpty, "HMS_SIMULATION_SEED=\(seed): \(complaints.joined(separator: "; "))")
        }
    }

    @Test(arguments: SimulatedFault.allCases.filter { $0 != .none })
    func `a fault that is built in is noticed`(fault: SimulatedFault) {
        for seed in 0..<400 as Range<UInt64> where !Simulation(seed: seed, fault: fault).run().isEmpty { return }
        Issue.record("\(fault) was not noticed")
    }

    @Test(arguments: [1, 17, 4711] as [UInt64])
    func `a seed replays the same life`(seed: UInt64) {
        let lives = (0..<2).map { _ in
            let simulation = Simulation(seed: seed)
            _ = simulation.run()
            return simulation.calls.map(\.outcomes)
        }
        #expect(lives[0] == lives[1])
    }

    @Test func `every kind of end occurs`() async {
        var outcomes: [SimulatedCall.Outcome] = []
        var links = 0
        for seed in 0..<300 as Range<UInt64> {
            await Task.yield()
            let simulation = Simulation(seed: seed)
            _ = simulation.run()
            outcomes += simulation.calls.flatMap(\.outcomes)
            links += simulation.links.count
        }
        for outcome in [.answered, .refused, .unknown, .gaveUp, .failed(.unavailable)] as [SimulatedCall.Outcome] {
            #expect(outcomes.contains(outcome), "\(outcome) never occurs")
        }
        #expect(links > 400)
    }
}

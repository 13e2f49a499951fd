import PaymentRules
import Testing
import Vocabulary

/// Thousands of payments that go wrong in every way. A seed that fails is printed, and replays all of it.
struct PaymentSimulationTests {
    /// What is wrong in a world at rest; nil where nothing is.
    private func fault(of world: PaymentWorld) -> String? {
        let captured = world.payments.indices.filter { world.payments[$0].isCaptured == true }
        if world.payments.contains(where: { $0.isCaptured == nil }) { return "a payment has not ended" }
        if world.bill.heldBy != nil { return "the bill is held by a payment that has ended" }
        if captured != [world.bill.paidBy].compactMap({ $0 }) { return "captured \(captured), paid by \(world.bill.paidBy as Int?)" }
        if world.moneyKept != captured.count { return "\(world.moneyKept) charges are kept for \(captured.count) paid bills" }
        return nil
    }

    private func faults(
        seeds: Range<UInt64>, of machine: @escaping (PaymentProgress) -> PaymentStep, _ visit: (PaymentWorld) -> Void = { _ in }
    ) -> [String] {
        seeds.compactMap { seed in
            var world = PaymentWorld(seed: seed, machine: machine)
            world.run()
            visit(world)
            return fault(of: world).map { "seed \(seed): \($0)" }
        }
    }

    @Test func `whatever goes wrong, the money that is kept is what the paid bill says`() {
        var taken: [String: Int] = [:]
        let faults = faults(seeds: 0..<3_000, of: nextStep) { taken.merge($0.taken, uniquingKeysWith: +) }
        #expect(faults.isEmpty)
        // Every step was taken often, the rare ones too.
        for step in ["reserveBill", "charge", "settleBill", "giveBack", "releaseBill", "capture", "fail"] {
            #expect(taken[step, default: 0] > 50, "\(step)")
        }
    }

    /// Canaries: machines that lose money must be found out.
    @Test func `a machine that fails a refused payment without giving back is found out`() {
        let faults = faults(seeds: 0..<3_000) { progress in
            if case .giveBack = nextStep(of: progress) { return .fail(code: "BILL_VOID") }
            return nextStep(of: progress)
        }
        #expect(!faults.isEmpty)
    }

    @Test func `a machine that takes a refused bill for paid is found out`() {
        let faults = faults(seeds: 0..<3_000) { progress in
            if case .giveBack = nextStep(of: progress) { return .capture(paidAt: Instant(millisecondsSinceEpoch: 0)) }
            return nextStep(of: progress)
        }
        #expect(!faults.isEmpty)
    }
}

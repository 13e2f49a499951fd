import Contracts
import HMSTestKit
import PaymentRules
import PaymentService
import RPC
import ServiceKit
import Testing

/// What a payment meets, and the steps that it takes when nothing goes wrong.
struct Scenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var answer: ChargeOutcome = .captured
    let steps: [String]
    /// What the client hears in the end.
    var outcome = "OK"
    /// What happens to the bill while the money is taken.
    var meanwhile: (@Sendable (BillDesk, Bill, _ paymentID: String) async throws -> Void)?

    static let all = [
        Scenario(testDescription: "captured", steps: ["GetBill", "ReserveBill", "charge", "SettleBill"]),
        Scenario(testDescription: "declined", answer: .declined, steps: ["GetBill", "ReserveBill", "charge", "ReleaseBill"]),
        Scenario(
            testDescription: "billing loses the reservation",
            steps: ["GetBill", "ReserveBill", "charge", "SettleBill", "ReserveBill", "SettleBill"],
            meanwhile: { try await $0.loseReservation(of: $1, by: $2) }),
        Scenario(
            testDescription: "the bill can't be settled", steps: ["GetBill", "ReserveBill", "charge", "SettleBill", "refund"],
            outcome: "BILL_VOID",
            meanwhile: {
                try await $0.loseReservation(of: $1, by: $2)
                try await $0.void($1)
            }),
    ]
}

/// How a payment goes on after a mishap.
enum GoingOn: CaseIterable, Sendable {
    case sweep, retry, sweepAndRetry, anotherMishap
}

/// Payment rule 4: a payment whose service dies, or hears nothing, between any two of its steps is finished or failed, never
/// left and never charged twice, and money that is kept is what paid bills say.
@Suite(.timeLimit(.minutes(10))) struct DeathTests {
    /// Pays in a service that has a fate, and closes it, be it alive or dead.
    private func pay(_ bill: Bill, _ fate: Fate, _ folder: CashierFolder, _ provider: RecordingProvider) async throws {
        let cashier = try await folder.cashier({ _ in FatefulProvider(provider: provider, fate: fate) }, fate: fate)
        _ = await outcome { _ = try await cashier.pay(bill, key: bill.billID) }
        await cashier.payment.close()
    }

    private func run(
        _ scenario: Scenario, _ mishap: Mishap?, _ goOn: GoingOn, in folder: CashierFolder,
        _ test: (Cashier, Bill, RecordingProvider, Fate) async throws -> Void
    ) async throws {
        let provider = RecordingProvider(scenario.answer)
        let bill = try await folder.desk.newBill()
        if let meanwhile = scenario.meanwhile { provider.afterCharge { try await meanwhile(folder.desk, bill, $0) } }
        let fate = Fate(mishap)
        try await pay(bill, fate, folder, provider)
        if goOn == .anotherMishap { try await pay(bill, Fate(mishap), folder, provider) }
        let cashier = try await folder.cashier({ _ in provider })
        if goOn != .retry { try await cashier.sweep() }
        if goOn == .retry || goOn == .sweepAndRetry { _ = await outcome { _ = try await cashier.pay(bill, key: bill.billID) } }
        // Who was told PENDING is told so at every retry: then the sweep ends it.
        if mishap?.kind == .silence { try await cashier.sweep() }
        try await test(cashier, bill, provider, fate)
        await cashier.payment.close()
    }

    /// The same hospital for everything that can go wrong.
    private func run(
        _ scenario: Scenario, _ goOn: GoingOn, _ kinds: [Mishap.Kind] = Mishap.Kind.allCases,
        _ test: (Cashier, Bill, RecordingProvider, Mishap) async throws -> Void
    ) async throws {
        let folder = try await CashierFolder()
        for mishap in scenario.steps.indices.flatMap(Mishap.all) where kinds.contains(mishap.kind) {
            try await run(scenario, mishap, goOn, in: folder) { cashier, bill, provider, _ in
                try await test(cashier, bill, provider, mishap)
            }
        }
        await folder.billing.close()
    }

    @Test(arguments: Scenario.all)
    func `a payment to which nothing happens takes the steps at which the others fail`(scenario: Scenario) async throws {
        let folder = try await CashierFolder()
        try await run(scenario, nil, .retry, in: folder) { cashier, bill, provider, fate in
            #expect(fate.steps == scenario.steps)
            let heard = await outcome { _ = try await cashier.pay(bill, key: bill.billID) }
            #expect(heard == scenario.outcome)
            try await cashier.expectSound(bill, provider)
        }
        await folder.billing.close()
    }

    @Test(arguments: Scenario.all, GoingOn.allCases)
    func `whatever fails at whichever step, the payment ends and its money is where it belongs`(
        scenario: Scenario, goOn: GoingOn
    ) async throws {
        try await run(scenario, goOn) { cashier, bill, provider, mishap in
            try await cashier.expectSound(bill, provider, "\(mishap)")
            #expect(provider.charged.values.allSatisfy { $0 == 1 }, "\(mishap)")
            let payments = try await cashier.payments(of: bill)
            #expect(payments.count <= 1, "\(mishap)")
        }
    }

    @Test(arguments: Scenario.all)
    func `a retry under the same key goes on with the same payment to the same end`(scenario: Scenario) async throws {
        try await run(scenario, .retry, [.death]) { cashier, bill, _, mishap in
            let heard = await outcome { _ = try await cashier.pay(bill, key: bill.billID) }
            #expect(heard == scenario.outcome, "\(mishap)")
            let payments = try await cashier.payments(of: bill)
            let isCaptured = scenario.answer == .captured && scenario.outcome == "OK"
            #expect(payments.map(\.status) == [isCaptured ? .captured : .failed], "\(mishap)")
            try await cashier.sweep()
            #expect(try await cashier.payments(of: bill) == payments, "\(mishap)")
        }
    }

    /// Another process can't tell a dead one from one that is slow, and may be about to charge.
    @Test(.enabled(if: !TestHospital.isOnSQLite, "a file has one process, and its next one knows that it is dead"))
    func `a retry through another process waits until the dead one's lease has ended`() async throws {
        let folder = try await CashierFolder()
        let provider = RecordingProvider()
        let bill = try await folder.desk.newBill()
        try await pay(bill, Fate(Mishap(kind: .death, side: .after, number: 2)), folder, provider)
        let early = try await folder.cashier({ _ in provider }, leasesHaveEnded: false)
        let refusal = await refusal { _ = try await early.pay(bill, key: bill.billID) }
        #expect(refusal?.reason == "IDEMPOTENCY_IN_PROGRESS" && refusal?.retryAfter == .seconds(1))
        await early.payment.close()
        let late = try await folder.cashier({ _ in provider })
        #expect(try await late.pay(bill, key: bill.billID).status == .captured)
        try await late.expectSound(bill, provider)
        await late.payment.close()
        await folder.billing.close()
    }
}

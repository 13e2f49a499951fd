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
    var meanwhile: (@Sendable (Cashier, Bill, _ paymentID: String) async throws -> Void)?

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
struct DeathTests {
    /// Pays in a service that has a fate; answers the service, which may be dead.
    private func pay(_ bill: Bill, _ fate: Fate, _ folder: CashierFolder, _ provider: RecordingProvider) async throws -> Cashier {
        let cashier = try await folder.cashier({ _ in FatefulProvider(provider: provider, fate: fate) }, fate: fate)
        _ = await outcome { _ = try await cashier.pay(bill) }
        return cashier
    }

    private func run(
        _ scenario: Scenario, _ mishap: Mishap?, _ goOn: GoingOn, _ test: (Cashier, Bill, RecordingProvider, Fate) async throws -> Void
    ) async throws {
        let folder = try await CashierFolder()
        let provider = RecordingProvider(scenario.answer)
        let before = try await folder.cashier({ _ in provider })
        let bill = try await before.newBill()
        if let meanwhile = scenario.meanwhile { provider.afterCharge { try await meanwhile(before, bill, $0) } }
        await before.payment.close()
        let fate = Fate(mishap)
        for _ in 0..<(goOn == .anotherMishap ? 2 : 1) {
            try await pay(bill, goOn == .anotherMishap ? Fate(mishap) : fate, folder, provider).payment.close()
        }
        let cashier = try await folder.cashier({ _ in provider })
        if goOn == .sweep || goOn == .sweepAndRetry || goOn == .anotherMishap { try await cashier.sweep() }
        if goOn == .retry || goOn == .sweepAndRetry { _ = await outcome { _ = try await cashier.pay(bill) } }
        // Who was told PENDING is told so at every retry: then the sweep ends it.
        if mishap?.kind == .silence { try await cashier.sweep() }
        try await test(cashier, bill, provider, fate)
        await cashier.payment.close()
        await folder.billing.close()
    }

    @Test(arguments: Scenario.all)
    func `a payment to which nothing happens takes the steps at which the others fail`(scenario: Scenario) async throws {
        try await run(scenario, nil, .retry) { cashier, bill, provider, fate in
            #expect(fate.steps == scenario.steps)
            let heard = await outcome { _ = try await cashier.pay(bill) }
            #expect(heard == scenario.outcome)
            try await cashier.expectSound(bill, provider)
        }
    }

    @Test(arguments: Scenario.all, GoingOn.allCases)
    func `whatever fails at whichever step, the payment ends and its money is where it belongs`(
        scenario: Scenario, goOn: GoingOn
    ) async throws {
        for mishap in scenario.steps.indices.flatMap(Mishap.all) {
            try await run(scenario, mishap, goOn) { cashier, bill, provider, _ in
                try await cashier.expectSound(bill, provider, "\(mishap)")
                #expect(provider.charged.values.allSatisfy { $0 == 1 }, "\(mishap)")
                #expect(try await cashier.payments(of: bill).count <= 1, "\(mishap)")
            }
        }
    }

    @Test(arguments: Scenario.all)
    func `a retry under the same key goes on with the same payment to the same end`(scenario: Scenario) async throws {
        for mishap in scenario.steps.indices.flatMap(Mishap.all) where mishap.kind == .death {
            try await run(scenario, mishap, .retry) { cashier, bill, _, _ in
                let heard = await outcome { _ = try await cashier.pay(bill) }
                #expect(heard == scenario.outcome, "\(mishap)")
                let payments = try await cashier.payments(of: bill)
                let isCaptured = scenario.answer == .captured && scenario.outcome == "OK"
                #expect(payments.map(\.status) == [isCaptured ? .captured : .failed], "\(mishap)")
                try await cashier.sweep()
                #expect(try await cashier.payments(of: bill) == payments, "\(mishap)")
            }
        }
    }
}

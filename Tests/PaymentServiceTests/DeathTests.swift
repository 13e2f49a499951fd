import Contracts
import HMSTestKit
import PaymentRules
import PaymentService
import RPC
import ServiceKit
import Testing

/// Payment rule 4: a payment whose service dies between any two of its steps is finished or failed, never left and never
/// charged twice.
struct DeathTests {
    static let deaths: [Death] = [
        .before("GetBill"), .after("GetBill"), .before("ReserveBill"), .after("ReserveBill"), .before("charge"), .after("charge"),
        .before("SettleBill"), .after("SettleBill"), .before("ReleaseBill"), .after("ReleaseBill"),
    ]

    /// Pays in a service that dies on the way; answers whether the client was told of an end.
    private func payAndDie(_ death: Death, _ bill: Bill, _ folder: CashierFolder, _ provider: RecordingProvider) async throws {
        let executioner = Executioner(death)
        let doomed = try await folder.cashier(
            { _ in MortalProvider(provider: provider, executioner: executioner) }, executioner: executioner)
        _ = await outcome { _ = try await doomed.pay(bill) }
        await doomed.payment.close()
    }

    /// A bill, and a service that dies while it takes the payment.
    private func withDeath(
        _ death: Death, of answer: RecordingProvider, _ test: (Cashier, Bill) async throws -> Void
    ) async throws {
        let folder = try await CashierFolder()
        let before = try await folder.cashier({ _ in answer })
        let bill = try await before.newBill()
        await before.payment.close()
        try await payAndDie(death, bill, folder, answer)
        let reopened = try await folder.cashier({ _ in answer })
        try await test(reopened, bill)
        await reopened.payment.close()
        await folder.billing.close()
    }

    @Test(arguments: deaths, [true, false])
    func `the sweep ends what a dead service has left`(death: Death, captures: Bool) async throws {
        let provider = RecordingProvider(captures ? .captured : .declined)
        try await withDeath(death, of: provider) { cashier, bill in
            try await cashier.sweep()
            try await cashier.expectSound(bill)
            let isPaid = try await cashier.read(bill).status == .paid
            #expect(isPaid == !provider.charged.isEmpty)
            #expect(provider.charged.values.allSatisfy { $0 == 1 })
        }
    }

    @Test(arguments: deaths, [true, false])
    func `a retry under the same key goes on with the payment, and charges it once`(death: Death, captures: Bool) async throws {
        let provider = RecordingProvider(captures ? .captured : .declined)
        try await withDeath(death, of: provider) { cashier, bill in
            let payment = try await cashier.pay(bill)
            #expect(payment.status == (captures ? .captured : .failed))
            #expect(try await cashier.pay(bill) == payment)
            #expect(try await cashier.payments(of: bill) == [payment])
            #expect(provider.charged == (captures ? [payment.paymentID: 1] : [:]))
            try await cashier.expectSound(bill)
        }
    }

    @Test(arguments: deaths, [true, false])
    func `a retry after the sweep is told how the payment ended`(death: Death, captures: Bool) async throws {
        let provider = RecordingProvider(captures ? .captured : .declined)
        try await withDeath(death, of: provider) { cashier, bill in
            try await cashier.sweep()
            let payment = try await cashier.pay(bill)
            #expect(payment.status != .pending)
            #expect(try await cashier.payments(of: bill) == [payment])
            #expect(provider.charged.values.allSatisfy { $0 == 1 })
            try await cashier.expectSound(bill)
        }
    }

    @Test(arguments: deaths)
    func `a second death at the same step changes nothing`(death: Death) async throws {
        let provider = RecordingProvider()
        let folder = try await CashierFolder()
        let first = try await folder.cashier({ _ in provider })
        let bill = try await first.newBill()
        await first.payment.close()
        for _ in 1...2 { try await payAndDie(death, bill, folder, provider) }
        let cashier = try await folder.cashier({ _ in provider })
        try await cashier.sweep()
        try await cashier.expectSound(bill)
        #expect(provider.charged.values.allSatisfy { $0 == 1 })
        await cashier.payment.close()
        await folder.billing.close()
    }

    @Test(arguments: [Death.before("refund"), .after("refund")], [true, false])
    func `a refund whose service dies is made once, by the sweep or by the retry`(death: Death, bySweep: Bool) async throws {
        let provider = RecordingProvider()
        let folder = try await CashierFolder()
        let executioner = Executioner(death)
        let doomed = try await folder.cashier(
            { _ in MortalProvider(provider: provider, executioner: executioner) }, executioner: executioner)
        let bill = try await doomed.newBill()
        let payment = try await doomed.pay(bill)
        _ = await outcome { _ = try await doomed.giveBack(500, of: payment) }
        await doomed.payment.close()
        let cashier = try await folder.cashier({ _ in provider })
        if bySweep { try await cashier.sweep() }
        #expect(try await cashier.giveBack(500, of: payment).status == .refunded)
        #expect(Array(provider.refunded.values) == [500])
        try await cashier.exchangeEvents()
        #expect(try await cashier.read(bill).amountRefunded == 500)
        try await cashier.expectSound(bill)
        await cashier.payment.close()
        await folder.billing.close()
    }
}

import BillingService
import Contracts
import HMSTestKit
import PaymentRules
import PaymentService
import RPC
import ServiceKit
import Testing

/// Money that was taken for a bill that can't be settled, and refunds: nothing of it is lost, whoever refuses or is silent.
@Suite(.timeLimit(.minutes(10))) struct GivingBackTests {
    /// A captured charge whose bill became VOID, at a provider that refuses refunds a few times.
    private func withUnsettled(refusals: Int, _ test: (Cashier, Bill, RecordingProvider) async throws -> Void) async throws {
        let provider = RecordingProvider(refusedRefunds: refusals)
        try await withCashier({ _ in provider }) { cashier in
            let bill = try await cashier.newBill()
            provider.afterCharge { paymentID in
                try await cashier.desk.loseReservation(of: bill, by: paymentID)
                try await cashier.void(bill)
            }
            try await test(cashier, bill, provider)
        }
    }

    @Test func `money of a bill that can't be settled goes back at once, and the client hears why`() async throws {
        try await withUnsettled(refusals: 0) { cashier, bill, provider in
            await expectRefusal(.failedPrecondition, "BILL_VOID") { _ = try await cashier.pay(bill) }
            let payment = try #require(try await cashier.payments(of: bill).first)
            #expect(payment.status == .failed && payment.failureCode == "BILL_VOID")
            #expect(provider.refunded == [payment.paymentID: bill.amount] && provider.kept == 0)
            #expect(try await cashier.told() == ["payment.failed"])
        }
    }

    @Test func `a provider that refuses to give back is asked until it does, and the payment is no failure before that`() async throws {
        try await withUnsettled(refusals: 3) { cashier, bill, provider in
            #expect(try await cashier.pay(bill).status == .pending)
            #expect(cashier.hospital.log.lines.contains { $0.contains("refused") })
            for round in 1...3 {
                #expect(try await cashier.payments(of: bill).map(\.status) == [.pending] && provider.kept == bill.amount)
                #expect(try await cashier.told().isEmpty)
                try await cashier.service.recover(at: SystemTime.millisecondsSinceEpoch() + Int64(round) * 600_000)
            }
            #expect(try await cashier.payments(of: bill).map(\.failureCode) == ["BILL_VOID"] && provider.kept == 0)
        }
    }

    @Test func `a refund that was due and is refused stays to be seen, and its sum is free for staff`() async throws {
        let provider = RecordingProvider(refusedRefunds: 1)
        try await withCashier({ _ in provider }) { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            try await cashier.cancel(bill, feePercent: 0)
            try await cashier.exchangeEvents()
            #expect(try await cashier.refunds(of: payment).map(\.status) == [.failed])
            #expect(try await cashier.giveBack(bill.amount, of: payment).status == .refunded)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).status == .refunded && provider.kept == 0)
            try await cashier.expectSound(bill)
        }
    }

    /// A refund of staff, or one that a cancellation asks for, in a service that has a fate.
    private func refund(byStaff: Bool, of payment: Payment, _ bill: Bill, _ cashier: Cashier) async throws {
        if byStaff {
            _ = await outcome { _ = try await cashier.giveBack(bill.amount, of: payment) }
        } else {
            _ = await outcome { try await cashier.sweep() }
        }
    }

    @Test(arguments: Mishap.all(at: 0), [true, false])
    func `a refund whose service dies or hears nothing is made once`(mishap: Mishap, byStaff: Bool) async throws {
        for bySweep in [true, false] {
            let provider = RecordingProvider()
            let folder = try await CashierFolder()
            let before = try await folder.cashier({ _ in provider })
            let bill = try await before.newBill()
            let payment = try await before.pay(bill)
            if !byStaff {
                try await before.cancel(bill, feePercent: 0)
                try await EventCourier(folder.hospital).carry(from: folder.billing, .billing, to: before.payment)
            }
            await before.payment.close()
            let fate = Fate(mishap)
            let doomed = try await folder.cashier({ _ in FatefulProvider(provider: provider, fate: fate) }, fate: fate)
            try await refund(byStaff: byStaff, of: payment, bill, doomed)
            #expect(fate.steps == ["refund"])
            await doomed.payment.close()
            let cashier = try await folder.cashier({ _ in provider })
            if bySweep || !byStaff || mishap.kind == .silence { try await cashier.service.recover(at: .max / 2) }
            if byStaff { _ = await outcome { _ = try await cashier.giveBack(bill.amount, of: payment) } }
            #expect(try await cashier.refunds(of: payment).map(\.status) == [.refunded])
            #expect(Array(provider.refunded.values) == [bill.amount])
            try await cashier.exchangeEvents()
            try await cashier.expectSound(bill, provider)
            await cashier.payment.close()
            await folder.billing.close()
        }
    }
}

import Contracts
import HMSTestKit
import PaymentRules
import PaymentService
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Payment rule 4 with a provider that declines, is silent, or is late.
@Suite(.timeLimit(.minutes(10))) struct SandboxTests {
    @Test func `a declined payment is FAILED with DECLINED, and the bill can be paid again`() async throws {
        try await withSandbox { cashier in
            let bill = try await cashier.newBill()
            let declined = try await cashier.pay(bill, key: "a", .card, reference: "DECLINE-1")
            #expect(declined.status == .failed && declined.failureCode == "DECLINED" && declined.paidAt == nil)
            #expect(try await cashier.read(bill).status == .open)
            #expect(try await cashier.pay(bill, key: "a", .card, reference: "DECLINE-1") == declined)
            #expect(try await cashier.pay(bill, key: "b", .card).status == .captured)
            #expect(try await cashier.told() == ["payment.failed", "payment.captured"])
            try await cashier.expectSound(bill)
        }
    }

    @Test(
        arguments: [("TIMEOUT-1", PaymentStatus.failed, "NOT_CHARGED"), ("LATE-1", .captured, nil)] as [(String, PaymentStatus, String?)])
    func `a silent provider leaves the payment PENDING, the sweep asks and ends it`(
        reference: String, status: PaymentStatus, failureCode: String?
    ) async throws {
        try await withSandbox { cashier in
            let bill = try await cashier.newBill()
            let pending = try await cashier.pay(bill, key: "a", .card, reference: reference)
            #expect(pending.status == .pending)
            await expectRefusal(.failedPrecondition, "PAYMENT_IN_PROGRESS") { _ = try await cashier.pay(bill, key: "b") }
            await expectRefusal(.failedPrecondition, "PAYMENT_IN_PROGRESS") { try await cashier.void(bill) }
            try await cashier.sweep()
            let ended = try await cashier.read(pending)
            #expect(ended.status == status && ended.failureCode == failureCode)
            #expect(try await cashier.read(bill).status == (status == .captured ? .paid : .open))
            try await cashier.expectSound(bill)
        }
    }

    @Test func `a provider that says nothing at all is waited for no longer than the settings say`() async throws {
        let folder = try await CashierFolder { $0.payment.timeout = .milliseconds(5) }
        let cashier = try await folder.cashier { SandboxProvider($0.database) }
        let bill = try await cashier.newBill()
        #expect(try await cashier.pay(bill, .card, reference: "TIMEOUT-1").status == .pending)
        await cashier.payment.close()
        await folder.billing.close()
    }

    @Test func `what a provider throws is no answer, and no refusal of billing either`() async throws {
        try await withCashier({ _ in RudeProvider() }) { cashier in
            let bill = try await cashier.newBill()
            let pending = try await cashier.pay(bill)
            #expect(pending.status == .pending)
            try await cashier.sweep()
            #expect(try await cashier.read(pending).failureCode == "NOT_CHARGED")
            try await cashier.expectSound(bill)
        }
    }

    @Test func `payment rule 1: the first answer stays the answer, also after the sweep has ended the payment`() async throws {
        try await withSandbox { cashier in
            let bill = try await cashier.newBill()
            let pending = try await cashier.pay(bill, .card, reference: "LATE-1")
            try await cashier.sweep()
            #expect(try await cashier.pay(bill, .card, reference: "LATE-1") == pending)
        }
    }

    @Test func `the sweep leaves alone what is not old enough`() async throws {
        try await withSandbox { cashier in
            let bill = try await cashier.newBill()
            let pending = try await cashier.pay(bill, .card, reference: "LATE-1")
            try await cashier.service.recover(at: SystemTime.millisecondsSinceEpoch())
            #expect(try await cashier.read(pending).status == .pending)
        }
    }

    @Test func `a provider that refuses a refund leaves it FAILED, and its sum free`() async throws {
        try await withSandbox { cashier in
            let payment = try await cashier.pay(try await cashier.newBill(), .card, reference: "NOREFUND-1")
            let refund = try await cashier.giveBack(payment.amount, of: payment, key: "a")
            #expect(refund.status == .failed)
            #expect(try await cashier.giveBack(payment.amount, of: payment, key: "b").status == .failed)
            #expect(try await cashier.read(payment).amountRefunded == 0)
            #expect(try await cashier.told() == ["payment.captured"])
        }
    }
}

/// A provider that throws what only billing says.
private struct RudeProvider: PaymentProvider {
    func charge(_ charge: Charge) async throws -> ChargeOutcome { throw Rejection(.billVoid, "no") }
    func outcome(of charge: Charge) async throws -> ChargeOutcome { .notCharged }
    func refund(_ refund: ChargeRefund) async throws -> RefundOutcome { .refunded }
}

import Contracts
import HMSTestKit
import RPC
import Testing

/// Payment rule 5: refunds by staff, and those that a cancelled appointment asks for.
@Suite(.timeLimit(.minutes(10))) struct RefundTests {
    @Test func `payment rule 5: parts of a payment are given back until nothing is left`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            let first = try await cashier.giveBack(52_499, of: payment, key: "a")
            #expect(first.status == .refunded && first.amount == 52_499 && first.currency == "INR" && first.reason == "Goodwill")
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).status == .partiallyRefunded)
            await expectRefusal(.outOfRange, "REFUND_TOO_LARGE") { _ = try await cashier.giveBack(2, of: payment, key: "b") }
            let last = try await cashier.giveBack(1, of: payment, key: "b")
            try await cashier.exchangeEvents()
            let whole = try await cashier.read(bill)
            #expect(whole.status == .refunded && whole.amountRefunded == 52_500)
            #expect(try await cashier.read(payment).amountRefunded == 52_500)
            #expect(try await cashier.refunds(of: payment) == [first, last])
            #expect(try await cashier.told() == ["payment.captured", "payment.refunded", "payment.refunded"])
            try await cashier.expectSound(bill)
        }
    }

    @Test func `payment rule 1: a refund needs a key, and the same key gives back once`() async throws {
        try await withCashier { cashier in
            let payment = try await cashier.pay(try await cashier.newBill())
            let request = CreateRefundRequest(paymentID: payment.paymentID, amount: 5, reason: "R")
            await expectRefusal(.invalidArgument, "IDEMPOTENCY_KEY_REQUIRED") { _ = try await cashier.client().createRefund(request) }
            let first = try await cashier.giveBack(5, of: payment)
            #expect(try await cashier.giveBack(5, of: payment) == first)
            await expectRefusal(.outOfRange, "IDEMPOTENCY_KEY_REUSED") { _ = try await cashier.giveBack(6, of: payment) }
            #expect(try await cashier.read(payment).amountRefunded == 5)
        }
    }

    @Test func `a payment that is not captured is not refunded`() async throws {
        try await withSandbox { cashier in
            let declined = try await cashier.pay(try await cashier.newBill(), key: "a", .card, reference: "DECLINE-1")
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await cashier.giveBack(1, of: declined, key: "x") }
            let pending = try await cashier.pay(try await cashier.newBill(), key: "b", .card, reference: "LATE-1")
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await cashier.giveBack(1, of: pending, key: "y") }
        }
    }

    @Test(arguments: [(0, 52_500, BillStatus.refunded), (50, 26_250, .partiallyRefunded), (100, 0, .paid)] as [(Int32, Int64, BillStatus)])
    func `cancelling a prepaid appointment gives back the part that is not kept, once`(
        feePercent: Int32, back: Int64, status: BillStatus
    ) async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            try await cashier.cancel(bill, feePercent: feePercent)
            for _ in 1...3 { try await cashier.exchangeEvents() }
            #expect(try await cashier.read(payment).amountRefunded == back)
            #expect(try await cashier.read(bill).status == status)
            #expect(try await cashier.refunds(of: payment).count == (back > 0 ? 1 : 0))
            try await cashier.expectSound(bill)
        }
    }

    @Test(arguments: [(1_000, 25_250), (26_250, 0), (40_000, 0)] as [(Int64, Int64)])
    func `what staff have given back before counts`(before: Int64, back: Int64) async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            _ = try await cashier.giveBack(before, of: payment)
            try await cashier.cancel(bill, feePercent: 50)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(payment).amountRefunded == before + back)
            try await cashier.expectSound(bill)
        }
    }

    @Test func `a cancellation while the payment is under way is refunded once it has ended`() async throws {
        try await withSandbox { cashier in
            let bill = try await cashier.newBill()
            let pending = try await cashier.pay(bill, .card, reference: "LATE-1")
            try await cashier.cancel(bill, feePercent: 0)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(pending).status == .captured)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).status == .refunded)
            #expect(try await cashier.refunds(of: pending).map(\.amount) == [52_500])
            try await cashier.expectSound(bill)
        }
    }

    @Test func `a cancellation while a payment is under way that then fails leaves the bill VOID`() async throws {
        try await withSandbox { cashier in
            let bill = try await cashier.newBill()
            _ = try await cashier.pay(bill, .card, reference: "TIMEOUT-1")
            try await cashier.cancel(bill, feePercent: 50)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).status == .void)
            let bills = try await cashier.bills().listBills(ListBillsRequest(appointmentID: bill.appointmentID)).bills
            #expect(bills.map(\.kind) == [.cancellationFee, .consultation])
            try await cashier.expectSound(bill)
        }
    }
}

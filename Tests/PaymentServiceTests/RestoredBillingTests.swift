import BillingService
import Contracts
import HMSTestKit
import PaymentService
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// A billing service that was set back to a backup, and has lost what was paid since.
@Suite(.timeLimit(.minutes(10))) struct RestoredBillingTests {
    /// A bill that was paid, then lost its payment.
    private func withLostPayment(_ test: (Cashier, Bill, Payment) async throws -> Void) async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            try await cashier.billing.resources.database.write { transaction in
                try transaction.execute(
                    "UPDATE bills SET status = 'OPEN', paid_by = NULL, paid_at = NULL, ended_at = NULL WHERE bill_id = ?",
                    [.text(bill.billID)])
            }
            #expect(try await cashier.read(bill).status == .open)
            try await test(cashier, bill, payment)
        }
    }

    @Test func `the bill is not paid twice`() async throws {
        try await withLostPayment { cashier, bill, payment in
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await cashier.pay(bill, key: "again") }
            let payments = try await cashier.payments(of: bill)
            #expect(payments == [payment])
        }
    }

    @Test func `the payment's event makes the bill PAID again, since when it was, and what was refunded comes back too`() async throws {
        try await withLostPayment { cashier, bill, payment in
            cashier.hospital.clock.advance(by: .seconds(60))
            _ = try await cashier.giveBack(500, of: payment)
            try await cashier.exchangeEvents()
            let restored = try await cashier.read(bill)
            #expect(restored.status == .partiallyRefunded && restored.amountRefunded == 500)
            try await cashier.expectSound(bill)
        }
    }

    @Test func `the event of a payment whose bill became VOID meanwhile is refused, not swallowed`() async throws {
        try await withLostPayment { cashier, bill, _ in
            try await cashier.void(bill)
            let refusal = await refusal { try await cashier.exchangeEvents() }
            #expect(refusal?.code == .invalidArgument)
            #expect(try await cashier.read(bill).status == .void)
        }
    }

    @Test func `while another payment holds the bill, the event is to come again`() async throws {
        try await withLostPayment { cashier, bill, _ in
            let other = cashier.payment.resources.ids.make(.payment)
            let request = ReserveBillRequest(billID: bill.billID, paymentID: other, amount: bill.amount)
            _ = try await cashier.bills(.service).reserveBill(request)
            let refusal = await refusal { try await cashier.exchangeEvents() }
            #expect(refusal?.code == .unavailable)
        }
    }
}

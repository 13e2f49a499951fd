import BillingService
import Contracts
import HMSTestKit
import PaymentService
import ProtobufC
import RPC
import Synchronization
import Testing

/// Payment rules 1, 4 and 5 under 64 clients at once.
@Suite(.timeLimit(.minutes(10))) struct RaceTests {
    @Test func `payment rule 4: of 64 keys one captures the bill; whoever began and lost is FAILED`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let seen = await outcomes(of: 64) { _ = try await cashier.pay(bill, key: "k\($0)") }
            #expect(seen["OK"] == 1)
            #expect(Set(seen.keys).isSubset(of: ["OK", "PAYMENT_IN_PROGRESS", "BILL_PAID"]))
            let payments = try await cashier.payments(of: bill)
            #expect(payments.filter { $0.status == .captured }.count == 1)
            #expect(payments.filter { $0.status == .failed }.count == payments.count - 1)
            let paid = try await cashier.read(bill)
            #expect(paid.status == .paid && paid.version == 2)
            let told = try await cashier.told()
            #expect(told.filter { $0 == "payment.captured" }.count == 1)
            #expect(told.filter { $0 == "payment.failed" }.count == payments.count - 1)
            try await cashier.expectSound(bill)
        }
    }

    @Test func `payment rule 1: a loser is told the same at every retry, and never becomes a second payment`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            _ = await outcomes(of: 64) { _ = try await cashier.pay(bill, key: "k\($0)") }
            let payments = try await cashier.payments(of: bill)
            for key in 0..<64 {
                let answer = await outcome { _ = try await cashier.pay(bill, key: "k\(key)") }
                #expect(["OK", "PAYMENT_IN_PROGRESS", "BILL_PAID"].contains(answer))
            }
            #expect(try await cashier.payments(of: bill) == payments)
        }
    }

    @Test(.timeLimit(.minutes(10))) func `payment rule 1: one key sent 64 times has one effect, and every answer is the same`()
        async throws
    {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let answers = Mutex<[[UInt8]]>([])
            let seen = await outcomes(of: 64) { _ in
                while true {
                    do {
                        let payment = try await cashier.pay(bill, key: "same")
                        return answers.withLock { $0.append(payment.protobuf()) }
                    } catch let error as RPCError where error.reason == "IDEMPOTENCY_IN_PROGRESS" {
                        #expect(error.retryAfter == .seconds(1))
                        await Task.yield()
                    }
                }
            }
            #expect(seen == ["OK": 64])
            #expect(Set(answers.withLock { $0 }).count == 1)
            #expect(try await cashier.payments(of: bill).count == 1)
            #expect(try await cashier.told() == ["payment.captured"])
        }
    }

    @Test func `pay against void: the bill ends VOID without money or PAID by one payment`() async throws {
        try await withCashier { cashier in
            var ends: Set<BillStatus> = []
            // To void is quicker than to pay: in every other round it looks at the bill before, the longer the later the round, so
            // that both orders occur.
            for round in 1...100 where round <= 8 || ends.count < 2 {
                let bill = try await cashier.newBill()
                let seen = await outcomes(of: 64) { index in
                    if index % 2 == 0 {
                        for _ in 0..<(round % 2 * round / 2) { _ = try await cashier.read(bill) }
                        try await cashier.void(bill)
                    } else {
                        _ = try await cashier.pay(bill, key: "k\(round)-\(index)")
                    }
                }
                let allowed: Set = ["OK", "BILL_VOID", "BILL_PAID", "PAYMENT_IN_PROGRESS"]
                #expect(Set(seen.keys).isSubset(of: allowed))
                ends.insert(try await cashier.read(bill).status)
                try await cashier.expectSound(bill)
            }
            #expect(ends == [.paid, .void])
        }
    }

    @Test func `payment rule 5: 64 refunds at once never give back more than was captured`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            let seen = await outcomes(of: 64) { _ = try await cashier.giveBack(5_000, of: payment, key: "r\($0)") }
            #expect(seen == ["OK": 10, "REFUND_TOO_LARGE": 54])
            #expect(try await cashier.read(payment).amountRefunded == 50_000)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).status == .partiallyRefunded)
            try await cashier.expectSound(bill)
        }
    }

    @Test func `the sweep and a request that drive one payment at once end it once`() async throws {
        try await withSandbox { cashier in
            for round in 1...8 {
                let bill = try await cashier.newBill()
                let service = cashier.service
                _ = await outcomes(of: 16) { index in
                    if index == 0 { _ = try await cashier.pay(bill, key: "k\(round)") } else { try await service.recover(at: .max / 2) }
                }
                try await cashier.sweep()
                try await cashier.expectSound(bill)
                #expect(try await cashier.told().count == round)
            }
        }
    }

    @Test func `a refund that is driven by many at once is made once`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            try await cashier.cancel(bill, feePercent: 0)
            try await EventCourier(cashier.hospital).carry(from: cashier.billing, .billing, to: cashier.payment)
            let seen = await outcomes(of: 16) { _ in try await cashier.service.recover(at: .max / 2) }
            #expect(seen == ["OK": 16])
            #expect(try await cashier.read(payment).amountRefunded == bill.amount)
            #expect(try await cashier.told() == ["payment.captured", "payment.refunded"])
        }
    }
}

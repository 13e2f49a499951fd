import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Billing rule 6, and what payments do to a bill.
@Suite(.timeLimit(.minutes(10))) struct BillStateTests {
    @Test func `billing rule 6: void wants a reason, tells of it, and again answers unchanged`() async throws {
        try await withBilling { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter())
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.void(bill, because: "") }
            let void = try await hospital.void(bill, because: "Wrong patient")
            #expect(void.status == .void && void.voidReason == "Wrong patient" && void.version == 2)
            #expect(try await hospital.void(bill, because: "Another reason") == void)
            #expect(try await hospital.events().map(\.eventType) == ["bill.created", "bill.voided"])
        }
    }

    @Test func `billing rule 6: a paid bill is BILL_PAID, refunded or not; one with a payment under way PAYMENT_IN_PROGRESS`() async throws
    {
        try await withBilling { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter())
            let paymentID = hospital.newPaymentID()
            try await hospital.reserve(bill, for: paymentID)
            await expectRefusal(.failedPrecondition, "PAYMENT_IN_PROGRESS") { _ = try await hospital.void(bill) }
            _ = try await hospital.settle(bill, by: paymentID)
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await hospital.void(bill) }
            try await hospital.tellRefunded(bill, by: paymentID, sum: bill.amount)
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await hospital.void(bill) }
        }
    }

    @Test func `payment rule 4: of 64 payments one reserves the bill; it may again, and pays it once`() async throws {
        try await withBilling { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter())
            let payments = (0..<64).map { _ in hospital.newPaymentID() }
            let seen = await outcomes(of: 64) { try await hospital.reserve(bill, for: payments[$0]) }
            #expect(seen == ["OK": 1, "PAYMENT_IN_PROGRESS": 63])
            let settled = await outcomes(of: 64) { _ = try await hospital.settle(bill, by: payments[$0]) }
            #expect(settled["OK"] == 1)
            let paid = try await hospital.read(bill)
            #expect(paid.status == .paid && paid.paidAt == ProtobufTimestamp(hospital.hospital.clock.now) && paid.version == 2)
        }
    }

    @Test func `payment rule 2: a reservation is refused by the state of the bill and by its amount`() async throws {
        try await withBilling { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter())
            let paymentID = hospital.newPaymentID()
            for amount in [bill.amount - 1, bill.amount + 1] {
                await expectRefusal(.outOfRange, "AMOUNT_MISMATCH") {
                    try await hospital.reserve(bill, for: paymentID, amount: amount)
                }
            }
            _ = try await hospital.void(bill)
            await expectRefusal(.failedPrecondition, "BILL_VOID") { try await hospital.reserve(bill, for: paymentID) }
            await expectRefusal(.failedPrecondition, "BILL_VOID") { _ = try await hospital.settle(bill, by: paymentID) }
            var unknown = bill
            unknown.billID = hospital.service.resources.ids.make(.bill)
            await expectRefusal(.notFound, "BILL_NOT_FOUND") { [unknown] in try await hospital.reserve(unknown, for: paymentID) }
        }
    }

    @Test func `a reservation is released by its own payment only, and then free for the next`() async throws {
        try await withBilling { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter())
            let (first, second) = (hospital.newPaymentID(), hospital.newPaymentID())
            try await hospital.reserve(bill, for: first)
            try await hospital.release(bill, from: second)
            await expectRefusal(.failedPrecondition, "PAYMENT_IN_PROGRESS") { try await hospital.reserve(bill, for: second) }
            for _ in 1...2 { try await hospital.release(bill, from: first) }
            try await hospital.reserve(bill, for: second)
            await expectRefusal(.failedPrecondition, "PAYMENT_IN_PROGRESS") { _ = try await hospital.settle(bill, by: first) }
        }
    }

    @Test func `billing rule 6: PAID becomes PARTIALLY_REFUNDED, then REFUNDED, in whatever order and number events come`() async throws {
        try await withBilling { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter())
            let paymentID = try await hospital.pay(bill)
            try await hospital.tellRefunded(bill, by: paymentID, sum: 1)
            let part = try await hospital.read(bill)
            #expect(part.status == .partiallyRefunded && part.amountRefunded == 1)
            try await hospital.tellRefunded(bill, by: paymentID, sum: bill.amount)
            try await hospital.tellRefunded(bill, by: paymentID, sum: 1)
            let whole = try await hospital.read(bill)
            #expect(whole.status == .refunded && whole.amountRefunded == bill.amount && whole.version == 4)
            await #expect(throws: RPCError.self) {
                try await hospital.tellRefunded(bill, by: hospital.newPaymentID(), sum: bill.amount)
            }
        }
    }

    @Test func `64 voids and payments at once leave the bill VOID or reserved, never both`() async throws {
        try await withBilling { hospital in
            var ends: Set<BillStatus> = []
            // Who begins changes from round to round, so that both orders occur.
            for round in 1...100 where round <= 5 || ends.count < 2 {
                let bill = try await hospital.bill(hospital.appointments.enter())
                let paymentID = hospital.newPaymentID()
                let seen = await outcomes(of: 64) { index in
                    if (index + round) % 2 == 0 {
                        _ = try await hospital.void(bill)
                    } else {
                        try await hospital.reserve(bill, for: paymentID)
                    }
                }
                let end = try await hospital.read(bill).status
                let isVoid = end == .void
                ends.insert(end)
                #expect(seen == (isVoid ? ["OK": 32, "BILL_VOID": 32] : ["OK": 32, "PAYMENT_IN_PROGRESS": 32]))
            }
            #expect(ends == [.void, .open])
        }
    }
}

import Contracts
import FieldChecks
import HMSTestKit
import PaymentService
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// Payment rules 1 to 3 and 5, and POST /v1/payments.
@Suite(.timeLimit(.minutes(10))) struct PaymentTests {
    @Test func `payment rule 5: a captured payment makes its bill PAID`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill, .card, reference: "SLIP-7")
            #expect(payment.status == .captured && payment.amount == 52_500 && payment.currency == "INR" && payment.method == .card)
            #expect(payment.reference == "SLIP-7" && payment.billID == bill.billID && payment.patientID == bill.patientID)
            #expect(payment.paidAt == ProtobufTimestamp(cashier.hospital.clock.now) && payment.failureCode == nil)
            #expect(try await cashier.read(bill).status == .paid)
            #expect(try await cashier.told() == ["payment.captured"])
            #expect(try await cashier.read(payment) == payment)
            try await cashier.expectSound(bill)
        }
    }

    @Test(arguments: [PaymentMethod.cash, .card, .upi, .insurance])
    func `payment rule 3: CASH, CARD, UPI and INSURANCE; the server makes the reference where none is given`(
        method: PaymentMethod
    ) async throws {
        try await withCashier { cashier in
            let payment = try await cashier.pay(try await cashier.newBill(), method)
            #expect(payment.method == method && payment.reference.hasPrefix("RCP-"))
        }
    }

    @Test func `payment rule 3: a reference is taken once, and a refused payment stores nothing`() async throws {
        try await withCashier { cashier in
            let (first, second) = (try await cashier.newBill(), try await cashier.newBill())
            _ = try await cashier.pay(first, key: "a", reference: "R-1")
            await expectRefusal(.failedPrecondition, "REFERENCE_TAKEN") {
                _ = try await cashier.pay(second, key: "b", reference: "R-1")
            }
            #expect(try await cashier.payments(of: second).isEmpty)
            #expect(try await cashier.pay(second, key: "b", reference: "R-2").status == .captured)
        }
    }

    @Test func `payment rule 3: a payment that has FAILED gives its reference free`() async throws {
        try await withSandbox { cashier in
            let bill = try await cashier.newBill()
            let first = try await cashier.pay(bill, key: "a", .card, reference: "DECLINE-1")
            let second = try await cashier.pay(bill, key: "b", .card, reference: "DECLINE-1")
            #expect(first.status == .failed && second.status == .failed && first.paymentID != second.paymentID)
        }
    }

    @Test(arguments: [-1, 1] as [Int64])
    func `payment rule 2: another amount than what is outstanding is AMOUNT_MISMATCH, and stores nothing`(off: Int64) async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            await expectRefusal(.outOfRange, "AMOUNT_MISMATCH") { _ = try await cashier.pay(bill, amount: bill.amount + off) }
            #expect(try await cashier.payments(of: bill).isEmpty)
            #expect(try await cashier.pay(bill).status == .captured)
        }
    }

    @Test func `payment rule 2: a VOID bill is BILL_VOID, a PAID one BILL_PAID, an unknown one BILL_NOT_FOUND`() async throws {
        try await withCashier { cashier in
            let void = try await cashier.newBill()
            try await cashier.void(void)
            await expectRefusal(.failedPrecondition, "BILL_VOID") { _ = try await cashier.pay(void) }
            let paid = try await cashier.newBill()
            _ = try await cashier.pay(paid, key: "first")
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await cashier.pay(paid, key: "second") }
            var unknown = paid
            unknown.billID = cashier.payment.resources.ids.make(.bill)
            await expectRefusal(.notFound, "BILL_NOT_FOUND") { [unknown] in _ = try await cashier.pay(unknown, key: "third") }
        }
    }

    @Test func `payment rule 2: a refunded bill stays BILL_PAID`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let payment = try await cashier.pay(bill)
            _ = try await cashier.giveBack(payment.amount, of: payment)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).status == .refunded)
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await cashier.pay(bill, key: "again") }
        }
    }

    @Test(arguments: [1, 1_000_000_000_000] as [Int64])
    func `the smallest and the largest bill can be paid`(fee: Int64) async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill(fee: fee)
            #expect(try await cashier.pay(bill).amount == fee + fee / 20)
            try await cashier.expectSound(bill)
        }
    }

    @Test func `payment rule 1: without a key there is no payment`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            let request = CreatePaymentRequest(billID: bill.billID, amount: bill.amount, method: .cash)
            await expectRefusal(.invalidArgument, "IDEMPOTENCY_KEY_REQUIRED") {
                _ = try await cashier.client().createPayment(request)
            }
        }
    }

    @Test(arguments: ["", "a\u{1}", "é", String(repeating: "x", count: 256)])
    func `payment rule 1: a key is 1 to 255 printable ASCII characters`(key: String) async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await cashier.pay(bill, key: key) }
            #expect(try await cashier.pay(bill, key: String(repeating: "x", count: 255)).status == .captured)
        }
    }

    @Test func `payment rule 1: the same key gives the first answer again, another request under it is refused`() async throws {
        try await withCashier { cashier in
            let (bill, other) = (try await cashier.newBill(), try await cashier.newBill())
            let first = try await cashier.pay(bill)
            cashier.hospital.clock.advance(by: .seconds(3_600))
            #expect(try await cashier.pay(bill) == first)
            await expectRefusal(.outOfRange, "IDEMPOTENCY_KEY_REUSED") { _ = try await cashier.pay(other) }
            await expectRefusal(.outOfRange, "IDEMPOTENCY_KEY_REUSED") { _ = try await cashier.pay(bill, .upi) }
            #expect(try await cashier.payments(of: bill) == [first])
        }
    }

    @Test func `payment rule 1: a key belongs to its caller`() async throws {
        try await withCashier { cashier in
            let (bill, other) = (try await cashier.newBill(), try await cashier.newBill())
            #expect(try await cashier.pay(bill, subject: "anna").status == .captured)
            #expect(try await cashier.pay(other, subject: "bert").status == .captured)
        }
    }

    @Test(
        arguments: [
            CreatePaymentRequest(amount: 0, method: .cash), CreatePaymentRequest(amount: 52_500),
            CreatePaymentRequest(amount: 52_500, method: .unrecognized(9)),
            CreatePaymentRequest(amount: 52_500, method: .cash, reference: "two words"),
            CreatePaymentRequest(amount: 1_050_000_000_001, method: .cash),
        ])
    func `a malformed payment is INVALID_ARGUMENT, and its key is free for the right one`(request: CreatePaymentRequest) async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            var request = request
            request.billID = bill.billID
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { [request] in
                _ = try await cashier.client("k").createPayment(request)
            }
            #expect(try await cashier.pay(bill).status == .captured)
        }
    }

    @Test func `GET payments: newest first, by bill, patient and status, page by page`() async throws {
        try await withSandbox { cashier in
            let bills = [try await cashier.newBill(), try await cashier.newBill(), try await cashier.newBill()]
            var payments: [Payment] = []
            for (index, bill) in bills.enumerated() {
                payments.append(try await cashier.pay(bill, key: "\(index)", reference: index == 1 ? "DECLINE-1" : ""))
            }
            let client = try await cashier.client(nil, .reception)
            #expect(try await client.listPayments(ListPaymentsRequest()).payments == payments.reversed())
            #expect(try await client.listPayments(ListPaymentsRequest(billID: bills[0].billID)).payments == [payments[0]])
            #expect(try await client.listPayments(ListPaymentsRequest(patientID: bills[2].patientID)).payments == [payments[2]])
            #expect(try await client.listPayments(ListPaymentsRequest(status: .failed)).payments == [payments[1]])
            let first = try await client.listPayments(ListPaymentsRequest(pageSize: 2))
            #expect(first.payments == [payments[2], payments[1]])
            let last = try await client.listPayments(ListPaymentsRequest(pageSize: 2, pageToken: first.nextPageToken))
            #expect(last.payments == [payments[0]] && last.nextPageToken.isEmpty)
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                _ = try await client.listPayments(ListPaymentsRequest(status: .failed, pageToken: first.nextPageToken))
            }
        }
    }

    @Test func `GET payment: an unknown one is PAYMENT_NOT_FOUND`() async throws {
        try await withCashier { cashier in
            let id = cashier.payment.resources.ids.make(.payment)
            await expectRefusal(.notFound, "PAYMENT_NOT_FOUND") {
                _ = try await cashier.client().getPayment(GetPaymentRequest(paymentID: id))
            }
            await expectRefusal(.notFound, "PAYMENT_NOT_FOUND") {
                _ = try await cashier.client().listRefunds(ListRefundsRequest(paymentID: id))
            }
        }
    }

    @Test func `who may: billing and reception pay and read, billing alone refunds, doctors nothing`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await cashier.pay(bill, .cash, .doctor) }
            let payment = try await cashier.pay(bill, .cash, .reception)
            for role in [CallerRole.doctor, .reception] {
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    let request = CreateRefundRequest(paymentID: payment.paymentID, amount: 1, reason: "R")
                    _ = try await cashier.client("r", role).createRefund(request)
                }
            }
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                _ = try await cashier.client(nil, .doctor).listPayments(ListPaymentsRequest())
            }
            for role in [CallerRole.reception, .billing, .admin] {
                let client = try await cashier.client(nil, role)
                #expect(try await client.getPayment(GetPaymentRequest(paymentID: payment.paymentID)).payment == payment)
                #expect(try await client.listRefunds(ListRefundsRequest(paymentID: payment.paymentID)).refunds.isEmpty)
            }
        }
    }
}

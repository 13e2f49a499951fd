import BillingService
import Contracts
import FieldChecks
import HMSTestKit
import PaymentService
import ProtobufJSON
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// POST /v1/imports/payments: payments of another system.
@Suite(.timeLimit(.minutes(10))) struct ImportPaymentTests {
    private static let paidAt = Instant(millisecondsSinceEpoch: 1_700_100_000_000)

    /// A bill that was imported from another system.
    private func importedBill(_ cashier: Cashier, _ status: BillStatus = .open) async throws -> Bill {
        let patient = cashier.appointments.patients.keep()
        var request = ImportBillRequest(
            patientID: patient.patientID, subtotal: 1_000, status: status,
            billedAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: 1_700_000_000_000)))
        if status == .paid { request.paidAt = ProtobufTimestamp(Self.paidAt) }
        return try #require(try await cashier.bills(.admin).importBill(request).bill)
    }

    private func request(
        _ bill: Bill, _ change: (inout ImportPaymentRequest) -> Void = { _ in }
    ) -> ImportPaymentRequest {
        var request = ImportPaymentRequest(
            billID: bill.billID, amount: bill.amount, method: .card, paidAt: ProtobufTimestamp(Self.paidAt))
        change(&request)
        return request
    }

    private func take(_ request: ImportPaymentRequest, _ cashier: Cashier) async throws -> ImportPaymentResponse {
        try await cashier.client(nil, .admin).importPayment(request)
    }

    @Test func `it makes its bill PAID since when the money came, no provider is asked, and nobody is told`() async throws {
        let provider = RecordingProvider()
        try await withCashier({ _ in provider }) { cashier in
            let bill = try await importedBill(cashier)
            let answer = try await take(request(bill) { $0.reference = "OLD-7" }, cashier)
            let payment = try #require(answer.payment)
            #expect(!answer.alreadyThere && payment.imported && payment.status == .captured && payment.reference == "OLD-7")
            #expect(payment.paidAt?.instant == Self.paidAt && payment.method == .card && payment.patientID == bill.patientID)
            let paid = try await cashier.read(bill)
            #expect(paid.status == .paid && paid.paidAt?.instant == Self.paidAt)
            try await cashier.expectSound(bill)
            #expect(provider.kept == 0)
            #expect(try await cashier.told() == ["payment.imported"])
        }
    }

    @Test func `it becomes the payment of a bill that was imported as PAID, once`() async throws {
        try await withCashier { cashier in
            let bill = try await importedBill(cashier, .paid)
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await cashier.pay(bill) }
            #expect(try await take(request(bill), cashier).payment?.status == .captured)
            try await cashier.expectSound(bill)
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await take(request(bill) { $0.method = .cash }, cashier) }
        }
    }

    @Test func `a bill that was made here can have been paid there, and is reported so from today on`() async throws {
        try await withCashier { cashier in
            let bill = try await cashier.newBill()
            #expect(try await take(request(bill), cashier).payment?.status == .captured)
            try await cashier.expectSound(bill)
            let clock = cashier.hospital.clock.now
            let today = try cashier.hospital.configuration.clinic.calendar().day(of: clock).description
            let report = ReportRevenueRequest(from: today, to: today, groupBy: .kind)
            #expect(
                try await cashier.bills().reportRevenue(report).rows == [
                    RevenueReportRow(group: "CONSULTATION", bills: 1, billed: 52_500, tax: 2_500)
                ])
        }
    }

    @Test func `twice is once: by the source id, and by what it says where there is none`() async throws {
        try await withCashier { cashier in
            for sourceID in [nil, "P-1"] {
                let wanted = request(try await importedBill(cashier)) { ($0.source, $0.sourceID) = (sourceID.map { _ in "old" }, sourceID) }
                let first = try await take(wanted, cashier)
                let again = try await take(wanted, cashier)
                #expect(again.alreadyThere && again.payment == first.payment)
            }
            #expect(try await cashier.told().count == 2)
        }
    }

    @Test func `a source id that means another payment is SOURCE_ID_TAKEN, and in another system it is free`() async throws {
        try await withCashier { cashier in
            let (first, second) = (try await importedBill(cashier), try await importedBill(cashier))
            let payment = try #require(try await take(request(first) { ($0.source, $0.sourceID) = ("old", "1") }, cashier).payment)
            let refusal = await refusal { _ = try await take(request(second) { ($0.source, $0.sourceID) = ("old", "1") }, cashier) }
            #expect(refusal?.reason == "SOURCE_ID_TAKEN" && refusal?.message.contains(payment.paymentID) == true)
            #expect(try await take(request(second) { ($0.source, $0.sourceID) = ("new", "1") }, cashier).alreadyThere == false)
        }
    }

    @Test func `what is owed is paid whole, a VOID bill is none, and a reference is taken once`() async throws {
        try await withCashier { cashier in
            let (bill, void) = (try await importedBill(cashier), try await importedBill(cashier, .void))
            for off in [-1, 1] as [Int64] {
                await expectRefusal(.outOfRange, "AMOUNT_MISMATCH") {
                    _ = try await take(request(bill) { $0.amount = bill.amount + off }, cashier)
                }
            }
            await expectRefusal(.failedPrecondition, "BILL_VOID") { _ = try await take(request(void), cashier) }
            _ = try await take(request(bill) { $0.reference = "R" }, cashier)
            let other = try await importedBill(cashier)
            for isOnlyChecked in [true, false] {
                await expectRefusal(.failedPrecondition, "REFERENCE_TAKEN") {
                    _ = try await take(request(other) { ($0.reference, $0.validateOnly) = ("R", isOnlyChecked) }, cashier)
                }
            }
            await expectRefusal(.notFound, "BILL_NOT_FOUND") {
                let unknown = cashier.payment.resources.ids.make(.bill)
                _ = try await take(request(bill) { $0.billID = unknown }, cashier)
            }
        }
    }

    typealias Change = @Sendable (inout ImportPaymentRequest) -> Void

    private static func wrong(_ field: String, _ change: @escaping Change) -> (String, Change) { (field, change) }

    static let wrongRequests = [
        wrong("paid_at") { $0.paidAt = nil }, wrong("amount") { $0.amount = 0 }, wrong("amount") { $0.amount = 1_050_000_000_001 },
        wrong("method") { $0.method = .unspecified }, wrong("method") { $0.method = .unrecognized(9) },
        wrong("reference") { $0.reference = "two words" }, wrong("source") { $0.sourceID = "1" },
        wrong("source_id") { $0.source = "old" },
    ]

    @Test(arguments: wrongRequests)
    func `what is missing, too much or does not go together is INVALID_ARGUMENT`(
        field: String, change: Change
    ) async throws {
        try await withCashier { cashier in
            let wrong = request(try await importedBill(cashier), change)
            let refusal = await refusal { _ = try await take(wrong, cashier) }
            #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.map(\.field) == [field])
        }
    }

    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func `the money came now or before`(milliseconds: Int64, isTaken: Bool) async throws {
        try await withCashier { cashier in
            let late = cashier.hospital.clock.now + .milliseconds(milliseconds)
            let wanted = request(try await importedBill(cashier)) { $0.paidAt = ProtobufTimestamp(late) }
            let refusal = await refusal { _ = try await take(wanted, cashier) }
            #expect((refusal == nil) == isTaken)
        }
    }

    @Test func `validate_only answers what would be, and stores nothing`() async throws {
        try await withCashier { cashier in
            let bill = try await importedBill(cashier)
            let answer = try await take(request(bill) { $0.validateOnly = true }, cashier)
            #expect(answer.payment?.status == .captured && answer.payment?.paymentID.isEmpty == true && !answer.alreadyThere)
            #expect(answer.payment?.paidAt?.instant == Self.paidAt)
            #expect(try await cashier.payments(of: bill).isEmpty)
            #expect(try await cashier.read(bill).status == .open)
            let payment = try await take(request(bill), cashier).payment
            let again = try await take(request(bill) { $0.validateOnly = true }, cashier)
            #expect(again.alreadyThere && again.payment == payment)
        }
    }

    @Test func `of 16 who import one payment at once nobody makes a second`() async throws {
        try await withCashier { cashier in
            let bill = try await importedBill(cashier)
            let wanted = request(bill) { ($0.source, $0.sourceID) = ("old", "1") }
            let seen = await outcomes(of: 16) { _ in _ = try await take(wanted, cashier) }
            #expect(Set(seen.keys).isSubset(of: ["OK", "IDEMPOTENCY_IN_PROGRESS"]) && (seen["OK"] ?? 0) >= 1, "\(seen)")
            #expect(try await cashier.payments(of: bill).map(\.status) == [.captured])
            try await cashier.expectSound(bill)
        }
    }

    @Test func `while a payment is made here the import fails, tells nobody, and its source id stays free`() async throws {
        try await withCashier { cashier in
            let bill = try await importedBill(cashier)
            let other = cashier.payment.resources.ids.make(.payment)
            let reserve = ReserveBillRequest(billID: bill.billID, paymentID: other, amount: bill.amount)
            _ = try await cashier.bills(.service).reserveBill(reserve)
            let wanted = request(bill) { ($0.source, $0.sourceID) = ("old", "1") }
            await expectRefusal(.failedPrecondition, "PAYMENT_IN_PROGRESS") { _ = try await take(wanted, cashier) }
            #expect(try await cashier.told().isEmpty)
            _ = try await cashier.bills(.service).releaseBill(ReleaseBillRequest(billID: bill.billID, paymentID: other))
            let answer = try await take(wanted, cashier)
            #expect(!answer.alreadyThere && answer.payment?.status == .captured)
        }
    }

    /// The process dies, or hears nothing, before and after each question to billing; the next one ends what it finds.
    @Test(arguments: (0...2).flatMap(Mishap.all), [true, false])
    func `killed half-way it ends right, by the sweep or by its retry`(mishap: Mishap, isRetried: Bool) async throws {
        let folder = try await CashierFolder()
        let fate = Fate(mishap)
        let dying = try await folder.cashier({ _ in DeskProvider() }, fate: fate)
        let bill = try await importedBill(dying)
        let wanted = request(bill) { ($0.source, $0.sourceID) = ("old", "1") }
        _ = await outcome { _ = try await take(wanted, dying) }
        #expect(fate.steps == Array(["GetBill", "ReserveBill", "SettleBill"].prefix(mishap.number + 1)))
        await dying.payment.close()
        let cashier = try await folder.cashier({ _ in DeskProvider() })
        if !isRetried { try await cashier.sweep() }
        // Nothing is there yet where billing was not heard the first time.
        let found = try await cashier.payments(of: bill)
        if isRetried || found.isEmpty { _ = try await take(wanted, cashier) }
        #expect(try await cashier.payments(of: bill).map(\.status) == [.captured])
        #expect(try await cashier.read(bill).paidAt?.instant == Self.paidAt)
        try await cashier.expectSound(bill)
        await cashier.payment.close()
        await folder.billing.close()
    }

    @Test func `billing that was set back hears of it again`() async throws {
        try await withCashier { cashier in
            let bill = try await importedBill(cashier)
            _ = try await take(request(bill), cashier)
            try await cashier.billing.resources.database.write {
                try $0.execute("UPDATE bills SET status = 'OPEN', paid_by = NULL, paid_at = NULL, ended_at = NULL, is_paid_elsewhere = 0")
            }
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).paidAt?.instant == Self.paidAt)
            try await cashier.expectSound(bill)
        }
    }

    @Test func `it can be given back here, by hand: no provider knows it`() async throws {
        let provider = RecordingProvider()
        try await withCashier({ _ in provider }) { cashier in
            let bill = try await importedBill(cashier)
            let payment = try #require(try await take(request(bill), cashier).payment)
            #expect(try await cashier.giveBack(50, of: payment).status == .refunded)
            try await cashier.exchangeEvents()
            #expect(try await cashier.read(bill).amountRefunded == 50)
            #expect(provider.kept == 0)
        }
    }

    @Test func `only an admin imports`() async throws {
        try await withCashier { cashier in
            let wanted = request(try await importedBill(cashier))
            for role in [CallerRole.billing, .reception, .doctor, .service] {
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    _ = try await cashier.client(nil, role).importPayment(wanted)
                }
            }
        }
    }
}

import BillingRules
import Testing
import Vocabulary

private func open(reservedBy payment: String? = nil) -> BillFacts {
    BillFacts(state: .open, amount: 52_500, reservedBy: payment)
}

private func paid(_ state: BillState = .paid, _ amount: Int64 = 52_500) -> BillFacts {
    BillFacts(state: state, amount: amount, paidBy: "pay_1")
}

private let void = BillFacts(state: .void, amount: 52_500)

private func fee(_ subtotal: Int64) -> TaxedAmount? { TaxedAmount(subtotal: subtotal) }

/// "Cancelling, and who pays", row by row: by the clinic and early 0, late 50, no-show 100.
struct ClosingTests {
    @Test(
        arguments: [
            (0, nil, .nothing), (0, open(), .voidConsultation), (0, open(reservedBy: "pay_1"), .waitForPayment),
            (0, void, .nothing), (0, paid(), .refund(keeping: 0)), (0, paid(.partiallyRefunded), .refund(keeping: 0)),
            (0, paid(.refunded), .refund(keeping: 0)),
        ] as [(Int, BillFacts?, ClosingStep)])
    func `cancelled by the clinic or early: an open bill becomes VOID, a paid one is refunded whole`(
        percent: Int, consultation: BillFacts?, step: ClosingStep
    ) {
        let closing = Closing(consultationFee: 50_000, percentKept: percent)
        #expect(nextStep(of: closing, consultation: consultation, hasFeeBill: false) == step)
    }

    @Test(arguments: [nil, void] as [BillFacts?])
    func `cancelled late: without a bill that holds, half the fee is billed`(consultation: BillFacts?) throws {
        let closing = Closing(consultationFee: 50_001, percentKept: 50)
        let half = try #require(fee(25_001))
        #expect(nextStep(of: closing, consultation: consultation, hasFeeBill: false) == .makeFeeBill(half))
        #expect(nextStep(of: closing, consultation: consultation, hasFeeBill: true) == .nothing)
    }

    @Test func `cancelled late: an open bill becomes VOID and a fee bill takes its place`() throws {
        let closing = Closing(consultationFee: 50_000, percentKept: 50)
        #expect(nextStep(of: closing, consultation: open(), hasFeeBill: false) == .voidConsultation)
        #expect(nextStep(of: closing, consultation: void, hasFeeBill: false) == fee(25_000).map { .makeFeeBill($0) })
    }

    @Test func `cancelled late and prepaid: no fee bill, and what is kept is what the fee bill would have been`() {
        let closing = Closing(consultationFee: 50_001, percentKept: 50)
        #expect(nextStep(of: closing, consultation: paid(.paid, 52_501), hasFeeBill: false) == .refund(keeping: 25_001 + 1_250))
        #expect(closing.kept?.amount == 26_251)
    }

    @Test func `no-show: the whole fee is billed; a prepaid bill is the fee, and nothing is given back`() {
        let closing = Closing(consultationFee: 50_000, percentKept: 100)
        #expect(nextStep(of: closing, consultation: nil, hasFeeBill: false) == fee(50_000).map { .makeFeeBill($0) })
        #expect(nextStep(of: closing, consultation: open(), hasFeeBill: false) == .voidConsultation)
        #expect(nextStep(of: closing, consultation: paid(), hasFeeBill: false) == .nothing)
    }

    @Test(arguments: [BillState.paid, .partiallyRefunded, .refunded])
    func `a refund is asked for once`(state: BillState) {
        let closing = Closing(consultationFee: 50_000, percentKept: 0, isRefundAsked: true)
        #expect(nextStep(of: closing, consultation: paid(state), hasFeeBill: false) == .nothing)
    }

    @Test(
        arguments: [
            (open(), false, .void), (open(reservedBy: "pay_1"), false, .waitForPayment), (void, false, .nothing),
            (paid(), false, .refund), (paid(), true, .nothing), (paid(.partiallyRefunded), false, .refund),
            (paid(.partiallyRefunded), true, .nothing), (paid(.refunded), false, .nothing), (paid(.refunded), true, .nothing),
        ] as [(BillFacts, Bool, TakenBackStep)])
    func `taken back: an open fee bill becomes VOID, a paid one is refunded once, and a payment under way is waited for`(
        fee: BillFacts, isRefundAsked: Bool, step: TakenBackStep
    ) {
        #expect(nextStep(ofTakenBack: fee, isRefundAsked: isRefundAsked) == step)
    }

    @Test(arguments: [0, 50, 100])
    func `while a payment is under way nothing happens, whatever is kept`(percent: Int) {
        let closing = Closing(consultationFee: 1, percentKept: percent)
        #expect(nextStep(of: closing, consultation: open(reservedBy: "pay_1"), hasFeeBill: false) == .waitForPayment)
    }

    @Test(
        arguments: [(1, 50, 1), (1, 100, 1), (1_000_000_000_000, 50, 525_000_000_000), (1_000_000_000_000, 100, 1_050_000_000_000)]
            as [(Int64, Int, Int64)])
    func `what is kept is exact at both ends of what a fee can be`(consultationFee: Int64, percent: Int, amount: Int64) {
        #expect(Closing(consultationFee: consultationFee, percentKept: percent).kept?.amount == amount)
        #expect(Closing(consultationFee: consultationFee, percentKept: 0).kept == nil)
    }
}

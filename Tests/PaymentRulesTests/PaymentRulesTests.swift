import PaymentRules
import Testing
import Vocabulary

struct PaymentRulesTests {
    @Test(
        arguments: [
            (.open, 105, nil), (.open, 104, .amountMismatch), (.open, 106, .amountMismatch), (.void, 105, .billVoid),
            (.void, 104, .billVoid),
            (.paid, 105, .billPaid), (.paid, 104, .billPaid),
        ] as [(PayableBill.State, Int64, RejectionCode?)])
    func `payment rule 2: a bill is paid whole, while it is open`(state: PayableBill.State, amount: Int64, code: RejectionCode?) {
        #expect(rejectionOfPayment(of: amount, for: PayableBill(state: state, amount: 105))?.code == code)
    }

    @Test(
        arguments: [
            (true, 0, 105, nil), (true, 0, 106, .refundTooLarge), (true, 5, 100, nil), (true, 5, 101, .refundTooLarge),
            (true, 105, 1, .refundTooLarge), (true, 0, .max, .refundTooLarge), (false, 0, 1, .invalidState), (false, 0, 106, .invalidState),
        ] as [(Bool, Int64, Int64, RejectionCode?)])
    func `payment rule 5: the sum of the refunds never exceeds what was captured`(
        isCaptured: Bool, refunded: Int64, amount: Int64, code: RejectionCode?
    ) {
        let payment = RefundablePayment(isCaptured: isCaptured, amount: 105, refunded: refunded)
        #expect(rejectionOfRefund(of: amount, from: payment)?.code == code)
    }

    @Test(
        arguments: [(0, 0, 105), (0, 53, 52), (52, 53, nil), (51, 53, 1), (105, 0, nil), (60, 53, nil), (0, 105, nil), (30, 0, 75)]
            as [(Int64, Int64, Int64?)])
    func `what is given back of a prepaid bill is what is not kept, less what was given back before`(
        refunded: Int64, kept: Int64, due: Int64?
    ) {
        let payment = RefundablePayment(isCaptured: true, amount: 105, refunded: refunded)
        #expect(refundDue(of: payment, keeping: kept) == due)
    }

    @Test(
        arguments: [
            (.pending, true, .giveBack), (.pending, false, .waitForPayment), (.refunded, true, .nothing), (.failed, true, .nothing),
            (.refunded, false, .nothing), (.failed, false, .nothing),
        ] as [(RefundState, Bool, RefundStep)])
    func `a refund is given back once its payment is captured, and once only`(state: RefundState, isCaptured: Bool, step: RefundStep) {
        #expect(nextStep(of: state, isPaymentCaptured: isCaptured) == step)
    }

    @Test(arguments: RefundOutcome.allCases)
    func `a provider's answer ends a refund that is PENDING, and no other`(outcome: RefundOutcome) {
        let ends: [RefundOutcome: RefundState] = [.refunded: .refunded, .refused: .failed, .unknown: .pending]
        #expect(RefundState.pending.after(outcome) == ends[outcome])
        for state in [RefundState.refunded, .failed] { #expect(state.after(outcome) == state) }
    }
}

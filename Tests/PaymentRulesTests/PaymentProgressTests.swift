import PaymentRules
import Testing
import Vocabulary

private let noon = Instant(millisecondsSinceEpoch: 1_772_422_200_000)

/// Payment rule 4, step by step.
struct PaymentProgressTests {
    @Test(
        arguments: [
            // Nothing has left the house.
            (nil, nil, nil, .reserveBill), (.refused(.billPaid), nil, nil, .fail(code: "BILL_PAID")), (.released, nil, nil, .reserveBill),
            (.reserved, nil, nil, .charge),
            // The provider may have charged.
            (.reserved, .unknown, nil, .charge), (nil, .unknown, nil, .charge), (.refused(.billVoid), .unknown, nil, .charge),
            // The money is here.
            (.reserved, .captured, nil, .settleBill), (nil, .captured, nil, .reserveBill), (.released, .captured, nil, .reserveBill),
            (.settled(at: noon), .captured, nil, .capture(paidAt: noon)), (.refused(.billVoid), .captured, nil, .giveBack),
            (.refused(.billVoid), .captured, .unknown, .giveBack), (.refused(.billVoid), .captured, .refused, .giveBack),
            (.refused(.billVoid), .captured, .refunded, .fail(code: "BILL_VOID")),
            // It never will be.
            (.reserved, .declined, nil, .releaseBill), (nil, .declined, nil, .releaseBill),
            (.released, .declined, nil, .fail(code: "DECLINED")),
            (.refused(.billNotFound), .declined, nil, .fail(code: "DECLINED")), (.reserved, .notCharged, nil, .releaseBill),
            (.released, .notCharged, nil, .fail(code: "NOT_CHARGED")),
        ] as [(BillAnswer?, ChargeOutcome?, RefundOutcome?, PaymentStep)])
    func `what is stored says what is to be done next`(
        bill: BillAnswer?, charge: ChargeOutcome?, giveBack: RefundOutcome?, step: PaymentStep
    ) {
        #expect(nextStep(of: PaymentProgress(bill: bill, charge: charge, giveBack: giveBack)) == step)
    }

    @Test func `a payment goes from its reservation over the charge to the paid bill`() {
        var progress = PaymentProgress()
        let answers: [PaymentAnswer] = [.bill(.reserved), .charge(.captured), .bill(.settled(at: noon))]
        var steps: [PaymentStep] = []
        for answer in answers {
            steps.append(nextStep(of: progress))
            progress = progress.after(answer)
        }
        #expect(steps == [.reserveBill, .charge, .settleBill] && nextStep(of: progress) == .capture(paidAt: noon))
    }

    @Test func `with the reservation it is stored that the provider may have been asked`() {
        #expect(PaymentProgress().after(.bill(.reserved)) == PaymentProgress(bill: .reserved, charge: .unknown))
    }

    @Test func `a reservation that billing has lost is asked for anew, once the money is here`() {
        let charged = PaymentProgress(bill: .reserved, charge: .captured)
        let lost = charged.after(.bill(.refused(.paymentInProgress)))
        #expect(nextStep(of: lost) == .reserveBill)
        #expect(nextStep(of: lost.after(.bill(.reserved))) == .settleBill)
        #expect(nextStep(of: lost.after(.bill(.refused(.paymentInProgress)))) == .giveBack)
    }

    @Test(arguments: [PaymentAnswer.charge(.unknown), .giveBack(.unknown)])
    func `an answer that says nothing changes nothing`(answer: PaymentAnswer) {
        for charge in [nil, .captured, .declined, .notCharged, .unknown] as [ChargeOutcome?] {
            let progress = PaymentProgress(bill: .refused(.billVoid), charge: charge, giveBack: .refused)
            #expect(progress.after(answer) == progress)
        }
    }
}

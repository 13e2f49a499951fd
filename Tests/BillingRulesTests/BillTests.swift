import BillingRules
import Testing
import Vocabulary

private func bill(_ state: BillState, reservedBy: String? = nil, paidBy: String? = nil) -> BillFacts {
    BillFacts(state: state, amount: 105, reservedBy: reservedBy, paidBy: paidBy)
}

struct BillTests {
    @Test(
        arguments: [
            (.consultation, true, false, false, nil), (.consultation, false, false, false, .invalidState),
            (.consultation, true, true, false, .invalidState), (.consultation, true, false, true, .billExists),
            (.consultation, false, false, true, .invalidState), (.consultation, true, true, true, .invalidState),
            (.other, true, false, true, nil), (.other, false, true, true, nil),
        ] as [(BillableKind, Bool, Bool, Bool, RejectionCode?)])
    func `billing rules 3 and 5: one consultation bill, in advance or afterwards; OTHER may repeat`(
        kind: BillableKind, takesPlace: Bool, isClosed: Bool, hasBill: Bool, code: RejectionCode?
    ) {
        let appointment = BillableAppointment(
            patientIsActive: true, takesPlace: takesPlace, isClosed: isClosed, hasConsultationBill: hasBill)
        #expect(rejectionOfBill(kind, for: appointment)?.code == code)
    }

    @Test(arguments: [BillableKind.consultation, .other])
    func `whoever was deleted gets no bill, whatever else stands against it`(kind: BillableKind) {
        let appointment = BillableAppointment(patientIsActive: false, takesPlace: false, isClosed: true, hasConsultationBill: true)
        #expect(rejectionOfBill(kind, for: appointment)?.code == .patientInactive)
    }

    @Test func `billing rule 6: an open bill becomes VOID, a void one stays`() {
        #expect(decisionOnVoid(of: bill(.open)) == .becomesVoid)
        #expect(decisionOnVoid(of: bill(.void)) == .staysVoid)
    }

    @Test(
        arguments: [
            (bill(.paid, paidBy: "pay_1"), .billPaid), (bill(.partiallyRefunded, paidBy: "pay_1"), .billPaid),
            (bill(.refunded, paidBy: "pay_1"), .billPaid), (bill(.open, reservedBy: "pay_1"), .paymentInProgress),
        ] as [(BillFacts, RejectionCode)])
    func `billing rule 6: a paid bill, or one with a payment under way, does not become VOID`(bill: BillFacts, code: RejectionCode) {
        guard case .refused(let rejection) = decisionOnVoid(of: bill) else { return #expect(Bool(false), "it was not refused") }
        #expect(rejection.code == code)
    }

    @Test(
        arguments: [
            (bill(.open), 105, nil), (bill(.open), 104, .amountMismatch), (bill(.open), 106, .amountMismatch),
            (bill(.void), 105, .billVoid), (bill(.void), 104, .billVoid), (bill(.paid, paidBy: "pay_2"), 105, .billPaid),
            (bill(.paid, paidBy: "pay_2"), 104, .billPaid), (bill(.partiallyRefunded, paidBy: "pay_2"), 105, .billPaid),
            (bill(.refunded, paidBy: "pay_2"), 105, .billPaid), (bill(.open, reservedBy: "pay_2"), 105, .paymentInProgress),
            (bill(.open, reservedBy: "pay_2"), 104, .paymentInProgress), (bill(.open, reservedBy: "pay_1"), 105, nil),
            (bill(.paid, paidBy: "pay_1"), 105, nil),
        ] as [(BillFacts, Int64, RejectionCode?)])
    func `payment rules 2 and 4: one payment at a time reserves an open bill, by its exact amount`(
        bill: BillFacts, amount: Int64, code: RejectionCode?
    ) {
        #expect(rejectionOfReservation(by: "pay_1", of: amount, given: bill)?.code == code)
    }

    @Test(
        arguments: [
            (bill(.open, reservedBy: "pay_1"), nil), (bill(.paid, paidBy: "pay_1"), nil), (bill(.refunded, paidBy: "pay_1"), nil),
            (bill(.open), .paymentInProgress), (bill(.open, reservedBy: "pay_2"), .paymentInProgress), (bill(.void), .billVoid),
            (bill(.paid, paidBy: "pay_2"), .billPaid),
        ] as [(BillFacts, RejectionCode?)])
    func `payment rule 5: only the payment that holds the bill makes it PAID`(bill: BillFacts, code: RejectionCode?) {
        #expect(rejectionOfSettlement(by: "pay_1", given: bill)?.code == code)
    }

    @Test(
        arguments: [
            (.pending, .wait), (.failed, .release), (.lost, .release),
            (.captured(at: Instant(millisecondsSinceEpoch: 7)), .settle(at: Instant(millisecondsSinceEpoch: 7))),
        ] as [(HolderState, ReservationStep)])
    func `payment rule 4: a reservation lives as long as its payment is PENDING`(holder: HolderState, step: ReservationStep) {
        #expect(nextStep(ofReservationBy: holder) == step)
    }

    @Test(arguments: [(0, .paid), (1, .partiallyRefunded), (104, .partiallyRefunded), (105, .refunded)] as [(Int64, BillState)])
    func `billing rule 6: PAID, PARTIALLY_REFUNDED, REFUNDED`(refunded: Int64, expected: BillState) {
        #expect(state(of: 105, afterRefunds: refunded) == expected)
    }
}

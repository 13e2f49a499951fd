import BillingRules
import Testing
import Vocabulary

/// Which bills of the past are taken, and when a bill ends.
struct ImportedBillTests {
    private static let kinds = ImportedBill.Kind.allCases
    private static let states = ImportedBill.State.allCases

    private func code(_ bill: ImportedBill, patientIsActive: Bool = true, for visit: ImportedVisit? = nil) -> RejectionCode? {
        rejectionOfImport(of: bill, patientIsActive: patientIsActive, for: visit)?.code
    }

    @Test(arguments: kinds, states)
    func `without a visit, and for one of the past, every bill is a fact; only what is owed wants somebody who owes it`(
        kind: ImportedBill.Kind, state: ImportedBill.State
    ) {
        let past = ImportedVisit(isOfPatient: true, isHistory: true, takesPlace: false, hasBillOfKind: false)
        for visit in [nil, past] {
            #expect(code(ImportedBill(kind, state), for: visit) == nil)
            #expect(code(ImportedBill(kind, state), patientIsActive: false, for: visit) == (state == .open ? .patientInactive : nil))
        }
    }

    @Test(arguments: kinds, states)
    func `a visit that was booked here is billed by its rules`(kind: ImportedBill.Kind, state: ImportedBill.State) {
        let bill = ImportedBill(kind, state)
        for takesPlace in [true, false] {
            let visit = ImportedVisit(isOfPatient: true, isHistory: false, takesPlace: takesPlace, hasBillOfKind: false)
            let isRefused =
                switch (kind, state) {
                case (.fee, _), (.consultation, .paid): true
                case (.consultation, .open): !takesPlace
                case (.consultation, .void), (.other, _): false
                }
            #expect(code(bill, for: visit) == (isRefused ? .invalidState : nil))
        }
    }

    @Test(arguments: kinds, states)
    func `billing rule 3: one bill of a kind that is not VOID, and OTHER may repeat`(kind: ImportedBill.Kind, state: ImportedBill.State) {
        let visit = ImportedVisit(isOfPatient: true, isHistory: true, takesPlace: true, hasBillOfKind: true)
        #expect(code(ImportedBill(kind, state), for: visit) == (kind == .other || state == .void ? nil : .billExists))
    }

    @Test func `another patient's appointment is refused first`() {
        let visit = ImportedVisit(isOfPatient: false, isHistory: false, takesPlace: false, hasBillOfKind: true)
        #expect(code(ImportedBill(.consultation, .open), for: visit) == .patientMismatch)
    }

    @Test(
        arguments: [
            (.none, true), (.billed, false), (.void(at: nil), true), (.void(at: noon - .milliseconds(1)), true), (.void(at: noon), true),
            (.void(at: noon + .milliseconds(1)), false),
        ] as [(ConsultationBilling, Bool)])
    func `billing rule 5: completing bills what is not billed, unless that was made void afterwards`(
        billing: ConsultationBilling, isDue: Bool
    ) {
        #expect(isBillDue(for: billing, completedAt: Self.noon) == isDue)
    }

    private static let noon = Instant(millisecondsSinceEpoch: 1_772_522_200_000)
    private static let morning = noon - .seconds(3_600)
    private static let evening = noon + .seconds(3_600)

    @Test(
        arguments: [
            (noon, false, false, noon), (morning, false, false, noon), (morning, true, true, noon), (evening, true, true, evening),
            (morning, false, true, evening), (evening, true, false, evening),
        ])
    func `billing rule 6: a bill ends when it is paid, not before it is made, and one of ours that was paid elsewhere now`(
        paidAt: Instant, isImported: Bool, isElsewhere: Bool, end: Instant
    ) {
        #expect(
            endOfBill(madeAt: Self.noon, isImported: isImported, paidAt: paidAt, inAnotherSystem: isElsewhere, now: Self.evening) == end)
    }

    @Test(arguments: [(true, nil), (false, RejectionCode.billPaid)])
    func `only a payment of another system can belong to a bill that was paid there`(isImported: Bool, code: RejectionCode?) {
        let bill = BillFacts(state: .paid, amount: 5)
        #expect(rejectionOfReservation(by: "pay_1", of: 5, isImported: isImported, given: bill)?.code == code)
        #expect(rejectionOfSettlement(by: "pay_1", isImported: isImported, given: bill)?.code == code)
        let claimed = BillFacts(state: .paid, amount: 5, paidBy: "pay_2")
        #expect(rejectionOfSettlement(by: "pay_1", isImported: isImported, given: claimed)?.code == .billPaid)
    }
}

import PatientRules
import Testing
import Vocabulary

struct ReadingTests {
    @Test(
        arguments: [
            (.ofAll, false, true), (.ofAll, true, true), (.notOfAll, false, false), (.notOfAll, true, true), (.unknown, false, false),
            (.unknown, true, true),
        ] as [(Treatment, Bool, Bool)])
    func `a doctor reads whom he treats, and others where he says why`(treatment: Treatment, saysWhy: Bool, isAnswered: Bool) {
        #expect((rejectionOfReading(treatment, saysWhy: saysWhy) == nil) == isAnswered)
        #expect(rejectionOfReading(treatment, saysWhy: saysWhy).map(\.code) == (isAnswered ? nil : .accessReasonRequired))
    }
}

import NotificationRules
import Testing
import Vocabulary

struct DeliveryTests {
    @Test(
        arguments: [
            (.accepted, 1, .sent), (.accepted, 8, .sent), (.failed("busy"), 1, .pending), (.failed("busy"), 7, .pending),
            (.failed("busy"), 8, .failed), (.refused("no"), 1, .failed),
        ] as [(Handover, Int, DeliveryStep)])
    func `a notification is a dead letter after exactly 8 tries, or at once where it is refused`(
        handover: Handover, tries: Int, expected: DeliveryStep
    ) {
        #expect(step(after: handover, tries: tries) == expected)
    }

    @Test(arguments: [(true, nil), (false, .invalidState)] as [(Bool, RejectionCode?)])
    func `only a dead letter is revived`(isFailed: Bool, code: RejectionCode?) {
        #expect(rejectionOfRetry(whereFailed: isFailed)?.code == code)
    }
}

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

    @Test(
        arguments: [(30, nil, 30), (30, 10, 30), (30, 31, 31), (30, 3_600, 3_600), (30, 3_601, 3_600), (3_600, 1, 3_600)]
            as [(Int, Int?, Int)])
    func `the pause before a try is what the other side asks for, if it is longer, and an hour at most`(
        own: Int, asked: Int?, expected: Int
    ) {
        #expect(pause(before: .seconds(own), asked: asked.map { .seconds($0) }) == .seconds(expected))
    }

    @Test(arguments: [(true, nil), (false, .invalidState)] as [(Bool, RejectionCode?)])
    func `only a dead letter is revived`(isFailed: Bool, code: RejectionCode?) {
        #expect(rejectionOfRetry(whereFailed: isFailed, toForgotten: false)?.code == code)
        #expect(rejectionOfRetry(whereFailed: isFailed, toForgotten: true)?.code == .invalidState)
    }
}

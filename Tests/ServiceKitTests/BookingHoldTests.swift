import HMSTestKit
import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct BookingHoldTests {
    private let asked = ContinuousClock.now

    @Test func `facts that were asked for before a commit are too old when the hold ends`() {
        #expect(BookingHold.timeToCommit + FactsAge.bestBefore < BookingHold.length)
    }

    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func `what no booking may meet commits within ten seconds of asking`(milliseconds: Int, isInTime: Bool) async {
        let hold = BookingHold(asked: asked)
        let now = asked + .seconds(10) + .milliseconds(milliseconds)
        #expect(await outcome { try hold.requireTime(at: now) } == (isInTime ? "OK" : "UNAVAILABLE"))
    }

    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func `a booking commits within four seconds of asking for its facts`(milliseconds: Int, isFresh: Bool) async {
        let facts = FactsAge(asked: asked)
        let now = asked + .seconds(4) + .milliseconds(milliseconds)
        #expect(await outcome { try facts.requireFresh(at: now) } == (isFresh ? "OK" : "UNAVAILABLE"))
    }
}

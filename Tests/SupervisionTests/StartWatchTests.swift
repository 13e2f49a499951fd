import ServiceKit
import Testing

@testable import Supervision

@Suite(.timeLimit(.minutes(10))) struct StartWatchTests {
    private let begin = ContinuousClock.now

    @Test func `what is over at once is not shown`() {
        let watch = StartWatch()
        for step in 1...5 {
            #expect(watch.note(.migrating(step: step, of: 5), of: "patient", at: begin + .milliseconds(step * 90)) == nil)
        }
    }

    @Test(arguments: [(499, false), (500, true), (501, true)])
    func `a phase is shown that lasts half a second`(milliseconds: Int, isShown: Bool) {
        let watch = StartWatch()
        let phase = StartPhase.migrating(step: 3, of: 5)
        #expect(watch.note(phase, of: "appointment", at: begin) == nil)
        #expect(watch.note(phase, of: "appointment", at: begin + .milliseconds(milliseconds)) == (isShown ? phase : nil))
    }

    @Test func `a phase is shown once, and the next one too`() {
        let watch = StartWatch()
        let times = [0, 500, 1000, 1500, 2000].map { begin + .milliseconds($0) }
        let phases = [1, 1, 1, 2, 2].map { StartPhase.migrating(step: $0, of: 2) }
        let shown = zip(phases, times).compactMap { watch.note($0, of: "appointment", at: $1) }
        #expect(shown == [.migrating(step: 1, of: 2), .migrating(step: 2, of: 2)])
    }

    @Test func `why a part could not start is told of one death only`() {
        let watch = StartWatch()
        _ = watch.note(.failed(reason: "no disk"), of: "billing")
        #expect(watch.takeFailure(of: "patient") == nil)
        #expect(watch.takeFailure(of: "billing") == "no disk")
        #expect(watch.takeFailure(of: "billing") == nil)
    }

    @Test func `silence begins anew with each word`() async throws {
        let watch = StartWatch()
        try await Task.sleep(for: .milliseconds(20))
        let before = watch.silence
        _ = watch.note(.ready, of: "patient")
        #expect(before >= .milliseconds(20) && watch.silence < before)
    }
}

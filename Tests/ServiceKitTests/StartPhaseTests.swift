import Testing

@testable import ServiceKit

@Suite struct StartPhaseTests {
    @Test(arguments: [
        StartPhase.waitingForDatabase(holder: 7), .waitingForDatabase(holder: nil), .migrating(step: 3, of: 5), .ready,
        .failed(reason: "the disk is full: nothing can be stored"),
    ])
    func `a phase crosses the pipe as it is`(phase: StartPhase) {
        #expect(StartPhase(line: phase.line) == phase)
    }

    @Test func `a reason of several lines is told in one`() {
        #expect(StartPhase(line: StartPhase.failed(reason: "one\ntwo\n").line) == .failed(reason: "one; two"))
    }

    @Test(arguments: ["", "ready now", "migrating", "migrating 3", "migrating a b", "waiting", "failed", "hello"])
    func `a line that says nothing known is none`(line: String) {
        #expect(StartPhase(line: line) == nil)
    }

    @Test func `people read what takes so long`() {
        #expect("\(StartPhase.migrating(step: 3, of: 5))" == "migrating, step 3 of 5")
        #expect("\(StartPhase.waitingForDatabase(holder: 7))".contains("process 7"))
    }
}

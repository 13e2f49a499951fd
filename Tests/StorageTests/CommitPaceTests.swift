import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct CommitPaceTests {
    @Test func `one caller alone is never waited for`() {
        var pace = CommitPace()
        #expect(pace.expectation == nil)
        pace.noteCommit(of: 1, taking: .milliseconds(3))
        #expect(pace.expectation == nil)
    }

    @Test func `as many as were answered are expected back, for a part of what a commit takes`() throws {
        var pace = CommitPace()
        pace.noteCommit(of: 40, taking: .microseconds(200))
        let short = try #require(pace.expectation)
        #expect(short.callers == 40)
        #expect(short.patience == .microseconds(100))
        pace.noteCommit(of: 40, taking: .milliseconds(50))
        #expect(pace.expectation?.patience == .milliseconds(1))
    }

    @Test func `callers who do not come back are not expected for a while`() {
        var pace = CommitPace()
        for _ in 0..<3 {
            pace.noteCommit(of: 2, taking: .milliseconds(1))
            pace.noteGathering(haveAllCome: false)
        }
        for _ in 0..<32 {
            #expect(pace.expectation == nil)
            pace.noteCommit(of: 2, taking: .milliseconds(1))
        }
        #expect(pace.expectation != nil)
    }

    @Test func `one who comes back in between keeps the others expected`() {
        var pace = CommitPace()
        for round in 0..<10 {
            pace.noteCommit(of: 2, taking: .milliseconds(1))
            pace.noteGathering(haveAllCome: round % 2 == 0)
        }
        #expect(pace.expectation != nil)
    }
}

@Suite(.timeLimit(.minutes(10))) struct WorkQueueTests {
    private final class Nothing: PendingWork, @unchecked Sendable {
        // Sendable because it adds nothing to PendingWork.
    }

    @Test func `gathering ends when as many wait as were expected`() async throws {
        let queue = WorkQueue<Nothing>(bound: 8)
        try queue.append(Nothing())
        let gathering = Task.detached { queue.gather(3, patience: .seconds(60)) }
        try queue.append(Nothing())
        try queue.append(Nothing())
        #expect(await gathering.value)
        #expect(queue.next(8)?.count == 3)
    }

    @Test func `gathering ends when its time runs out`() throws {
        let queue = WorkQueue<Nothing>(bound: 8)
        try queue.append(Nothing())
        #expect(queue.gather(2, patience: .microseconds(100)) == false)
        #expect(queue.next(8)?.count == 1)
    }

    @Test func `sleeping ends when its time runs out, and what comes later is found`() throws {
        let queue = WorkQueue<Nothing>(bound: 8)
        #expect(queue.next(8, within: .microseconds(100)) == nil)
        try queue.append(Nothing())
        #expect(queue.next(8, within: .seconds(60))?.count == 1)
        #expect(queue.take(8).isEmpty)
    }

    @Test func `closing ends gathering and sleeping`() async {
        let queue = WorkQueue<Nothing>(bound: 8)
        let gathering = Task.detached { queue.gather(2, patience: .seconds(60)) }
        let sleeping = Task.detached { queue.next(8)?.count }
        queue.close()
        _ = await gathering.value
        #expect(await sleeping.value == 0)
        #expect(queue.gather(2, patience: .seconds(60)))
    }

    @Test func `no more work waits than the bound allows`() throws {
        let queue = WorkQueue<Nothing>(bound: 2)
        try queue.append(Nothing())
        try queue.append(Nothing())
        #expect(throws: StorageError.overloaded) { try queue.append(Nothing()) }
        queue.close()
        #expect(throws: StorageError.closed) { try queue.append(Nothing()) }
    }
}

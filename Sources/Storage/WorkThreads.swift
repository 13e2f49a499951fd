import Foundation
import Synchronization

/// Threads that may wait for a database, each started when all others have something to do.
final class WorkThreads<Work: PendingWork>: Sendable {
    private struct State {
        /// Work that waits or runs.
        var work = 0
        /// One for each thread.
        var finished: [FinishLine] = []
        var isClosed = false
    }

    private let queue: WorkQueue<Work>
    private let name: String
    private let most: Int
    private let serve: @Sendable (WorkQueue<Work>) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - most: how many threads there are at most; there is always one.
    ///   - bound: how much may wait.
    ///   - serve: what a thread does with what waits; it returns once the queue is closed and drained.
    init(_ name: String, most: Int, bound: Int, serve: @escaping @Sendable (WorkQueue<Work>) -> Void) {
        self.name = name
        self.most = max(1, most)
        self.serve = serve
        queue = WorkQueue(bound: bound)
    }

    var waitingCount: Int { queue.count }

    /// Threads, and those of them that do something.
    var counts: (all: Int, inUse: Int) {
        let waiting = queue.count
        return state.withLock { ($0.finished.count, min($0.finished.count, max(0, $0.work - waiting))) }
    }

    func ask<Value: Sendable>(_ make: (CheckedContinuation<Value, any Error>) -> Work) async throws -> Value {
        startThreadIfAllAreBusy()
        defer { state.withLock { $0.work -= 1 } }
        return try await queue.ask(make)
    }

    /// Refuses new work; what waits is still done.
    func stop() {
        // In this order: work that gets no thread any more finds no queue either.
        queue.close()
        state.withLock { $0.isClosed = true }
    }

    func close() async {
        stop()
        for line in state.withLock({ $0.finished }) { await line.wait() }
    }

    private func startThreadIfAllAreBusy() {
        let finished: FinishLine? = state.withLock { state in
            state.work += 1
            guard !state.isClosed, state.finished.count < min(most, state.work) else { return nil }
            let line = FinishLine()
            state.finished.append(line)
            return line
        }
        guard let finished else { return }
        Thread.detachNewThread { [queue, name, serve] in
            Thread.current.name = name
            serve(queue)
            finished.cross()
        }
    }
}

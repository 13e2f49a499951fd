import Foundation
import Synchronization

/// Threads that wait for the server, each with a connection of its own, started when all others have something to do.
final class PostgresThreads: Sendable {
    private struct State {
        /// Work that waits or runs.
        var work = 0
        /// One for each thread.
        var finished: [FinishLine] = []
        var isClosed = false
    }

    private let queue: WorkQueue<PostgresWork>
    private let name: String
    private let most: Int
    private let makeWorker: @Sendable () -> PostgresWorker
    private let state = Mutex(State())

    /// A connection that nobody has used for so long is given back.
    private static let idleTime = Duration.seconds(60)

    init(_ name: String, most: Int, bound: Int, makeWorker: @escaping @Sendable () -> PostgresWorker) {
        self.name = name
        self.most = max(1, most)
        self.makeWorker = makeWorker
        queue = WorkQueue(bound: bound)
    }

    var waitingCount: Int { queue.count }

    /// Threads, each with its connection, and those of them that do something.
    var connectionCounts: (all: Int, inUse: Int) {
        let waiting = queue.count
        return state.withLock { ($0.finished.count, min($0.finished.count, max(0, $0.work - waiting))) }
    }

    func ask<Value: Sendable>(_ make: (CheckedContinuation<Value, any Error>) -> PostgresWork) async throws -> Value {
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
        Thread.detachNewThread { [queue, name, makeWorker] in
            Thread.current.name = name
            Self.run(queue, makeWorker())
            finished.cross()
        }
    }

    private static func run(_ queue: WorkQueue<PostgresWork>, _ worker: PostgresWorker) {
        defer { worker.disconnect() }
        while true {
            guard let taken = queue.next(1, within: idleTime) else {
                worker.disconnect()
                continue
            }
            guard let work = taken.first else { return }
            if work.start() { work.perform(with: worker) }
        }
    }
}

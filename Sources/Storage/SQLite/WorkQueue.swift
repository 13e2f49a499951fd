import DequeModule
import Dispatch
import Synchronization

/// Work that waits, and the threads that may sleep for it. Bounded: what exceeds the bound is refused at once.
final class WorkQueue<Work: PendingWork>: Sendable {
    private struct State {
        var waiting: Deque<Work> = []
        var sleepers = 0
        var isClosed = false
        /// How many must wait before the thread that gathers is woken.
        var gathering: Int?
    }

    private let gathered = DispatchSemaphore(value: 0)
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let bound: Int

    init(bound: Int) {
        self.bound = bound
    }

    var count: Int { state.withLock { $0.waiting.count } }

    /// - Throws: ``StorageError/overloaded`` or ``StorageError/closed``.
    func append(_ work: Work) throws(StorageError) {
        let wake = try enqueue(work)
        switch wake {
        case .sleeper: self.wake.signal()
        case .gatherer: gathered.signal()
        case .nobody: break
        }
    }

    private enum Wake {
        case nobody, sleeper, gatherer
    }

    private func enqueue(_ work: Work) throws(StorageError) -> Wake {
        let result: Result<Wake, StorageError> = state.withLock { state in
            if state.isClosed { return .failure(.closed) }
            if state.waiting.count >= bound { return .failure(.overloaded) }
            state.waiting.append(work)
            if let wanted = state.gathering, state.waiting.count >= wanted {
                state.gathering = nil
                return .success(.gatherer)
            }
            if state.sleepers > 0 {
                state.sleepers -= 1
                return .success(.sleeper)
            }
            return .success(.nobody)
        }
        return try result.get()
    }

    /// Lets callers come in until `count` wait, for `patience` at most; returns whether so many did.
    func gather(_ count: Int, patience: Duration) -> Bool {
        let isComplete = state.withLock { state in
            if state.waiting.count >= count || state.isClosed { return true }
            state.gathering = count
            return false
        }
        if isComplete || gathered.wait(timeout: .now() + patience / .seconds(1)) == .success { return true }
        let isSignalled = state.withLock { state in
            defer { state.gathering = nil }
            return state.gathering == nil
        }
        // The last one came as the time ran out; its signal must not end the next gathering.
        if isSignalled { gathered.wait() }
        return isSignalled
    }

    /// What waits now, at most `limit`.
    func take(_ limit: Int) -> [Work] {
        state.withLock { state in
            if state.waiting.isEmpty { return [] }
            let batch = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(batch.count)
            return batch
        }
    }

    /// The next work, at most `limit`; the calling thread sleeps while there is none. Empty once closed and drained.
    ///
    /// - Parameter patience: how long it sleeps; nil: for as long as it takes.
    /// - Returns: nil where nothing came within that time.
    func next(_ limit: Int, within patience: Duration? = nil) -> [Work]? {
        while true {
            let (batch, isClosed) = state.withLock { state in
                let batch = Array(state.waiting.prefix(limit))
                state.waiting.removeFirst(batch.count)
                if batch.isEmpty && !state.isClosed { state.sleepers += 1 }
                return (batch, state.isClosed)
            }
            if !batch.isEmpty || isClosed { return batch }
            if !sleep(patience) { return nil }
        }
    }

    /// Until there is work; false where the time ran out before.
    private func sleep(_ patience: Duration?) -> Bool {
        guard let patience else {
            wake.wait()
            return true
        }
        if wake.wait(timeout: .now() + patience / .seconds(1)) == .success { return true }
        let isStillCounted = state.withLock { state in
            guard state.sleepers > 0 else { return false }
            state.sleepers -= 1
            return true
        }
        // Work came as the time ran out; its signal must not end the next sleep.
        if !isStillCounted { wake.wait() }
        return !isStillCounted
    }

    /// Refuses new work; threads that sleep wake, drain what waits and are told that nothing comes any more.
    func close() {
        let (sleepers, isGathering) = state.withLock { state in
            state.isClosed = true
            defer { (state.sleepers, state.gathering) = (0, nil) }
            return (state.sleepers, state.gathering != nil)
        }
        for _ in 0..<sleepers { wake.signal() }
        if isGathering { gathered.signal() }
    }

    /// Puts the work that `make` builds in line and waits for its answer; cancelling the task cancels the work.
    func ask<Value: Sendable>(_ make: (CheckedContinuation<Value, any Error>) -> Work) async throws -> Value {
        try Task.checkCancellation()
        let cancellation = WorkCancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let work = make(continuation)
                do {
                    try append(work)
                    cancellation.arm(work)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}

/// Joins a task's cancellation, which may come first, with the work that it would cancel.
private final class WorkCancellation: Sendable {
    private enum State: Sendable {
        case unarmed, armed(PendingWork), cancelled
    }

    private let state = Mutex(State.unarmed)

    func arm(_ work: PendingWork) {
        let isCancelled = state.withLock { state in
            if case .cancelled = state { return true }
            state = .armed(work)
            return false
        }
        if isCancelled { work.cancel() }
    }

    func cancel() {
        let work: PendingWork? = state.withLock { state in
            defer { state = .cancelled }
            guard case .armed(let work) = state else { return nil }
            return work
        }
        work?.cancel()
    }
}

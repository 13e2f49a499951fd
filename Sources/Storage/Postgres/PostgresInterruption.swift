import Dispatch
import Synchronization

/// Ends what a connection is about when nobody wants it any more: the call was given up, or its deadline has passed, which cancels
/// its task. The server is asked to stop the statement that runs or waits for a lock, and the connection can be used again.
///
/// What has come to its commit is not touched: nobody could tell whether it was kept.
final class PostgresInterruption: Sendable {
    private struct State {
        /// Nil before the connection is about this work, and after.
        var canceller: PostgresCanceller?
        var isUncertain = false
    }

    private let state = Mutex(State())
    private let cancelled = Atomic(false)

    /// Whether nobody wants the work any more.
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Whether the server may still be about to hear of it, and would end what the connection does next.
    var isUncertain: Bool { state.withLock { $0.isUncertain } }

    /// The connection is about this work from now on.
    ///
    /// - Throws: `CancellationError`.
    func attach(_ canceller: PostgresCanceller?) throws(CancellationError) {
        state.withLock { $0.canceller = canceller }
        if isCancelled { throw CancellationError() }
    }

    /// The work is about to be committed, or has ended: the server is not asked to stop any more.
    func detach() {
        state.withLock { $0.canceller = nil }
    }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
        ask(again: .milliseconds(10))
    }

    /// Asks the server, which takes a connection of its own and so a thread that may wait, again and again while the work goes on:
    /// it may have been between two statements.
    private func ask(again pause: DispatchTimeInterval) {
        DispatchQueue.global().async { [self] in
            let goesOn = state.withLock { state in
                guard let canceller = state.canceller else { return false }
                if !canceller.cancel() { state.isUncertain = true }
                return true
            }
            guard goesOn else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + pause) { [self] in ask(again: pause.doubled) }
        }
    }
}

extension DispatchTimeInterval {
    /// Up to a second.
    fileprivate var doubled: DispatchTimeInterval {
        guard case .milliseconds(let milliseconds) = self else { return self }
        return .milliseconds(min(milliseconds * 2, 1_000))
    }
}

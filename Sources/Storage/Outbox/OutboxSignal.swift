import Synchronization

/// Wakes those of the relay's subscribers for whom events were committed.
final class OutboxSignal: Sendable {
    private let listeners = Mutex<[(wakeUp: WakeUp, types: Set<String>?)]>([])
    private let hearing = Atomic(false)

    /// Tells of events of these types.
    ///
    /// - Returns: whether the relay of another process may be the one that delivers some of them.
    @discardableResult
    func notify(of types: Set<String>) -> Bool {
        listeners.withLock { listeners in
            var isForOthers = listeners.isEmpty
            for listener in listeners where listener.types?.isDisjoint(with: types) != true {
                listener.wakeUp.noteEvents()
                if !listener.wakeUp.delivers { isForOthers = true }
            }
            return isForOthers
        }
    }

    /// Whether this process hears of events that others commit. Everybody looks for them when that changes: some may have been
    /// missed.
    var isHearing: Bool {
        get { hearing.load(ordering: .acquiring) }
        set {
            guard hearing.exchange(newValue, ordering: .acquiringAndReleasing) != newValue else { return }
            listeners.withLock { listeners in
                for listener in listeners { listener.wakeUp.noteEvents() }
            }
        }
    }

    /// - Parameter types: those that the listener wants to hear of; `nil` is all.
    func add(_ listener: WakeUp, types: Set<String>?) {
        listeners.withLock { $0.append((listener, types)) }
    }

    func remove(_ listener: WakeUp) {
        listeners.withLock { $0.removeAll { $0.wakeUp === listener } }
    }
}

/// What one subscriber's relay waits for. Events noted while nobody waits are kept, once.
final class WakeUp: Sendable {
    private struct State {
        var hasEvents = true
        var isStopped = false
        var delivers = false
        var waiter: (continuation: CheckedContinuation<Void, Never>, wantsEvents: Bool)?
    }

    private let state = Mutex(State())

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Whether the relay has the right to deliver, and not that of another process.
    var delivers: Bool {
        get { state.withLock { $0.delivers } }
        set { state.withLock { $0.delivers = newValue } }
    }

    func noteEvents() {
        wake { state in
            state.hasEvents = true
            return state.waiter?.wantsEvents == true
        }
    }

    func stop() {
        wake { state in
            state.isStopped = true
            return true
        }
    }

    /// Returns when events were noted (where `forEvents`), at a stop, or when the task is cancelled.
    func wait(forEvents: Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isStopped || Task.isCancelled || (forEvents && state.hasEvents) {
                        if forEvents { state.hasEvents = false }
                        return true
                    }
                    state.waiter = (continuation, forEvents)
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake { _ in true }
        }
    }

    private func wake(_ change: (inout sending State) -> Bool) {
        let waiter = state.withLock { state in
            guard change(&state), let waiter = state.waiter else { return nil as CheckedContinuation<Void, Never>? }
            if waiter.wantsEvents { state.hasEvents = false }
            state.waiter = nil
            return waiter.continuation
        }
        waiter?.resume()
    }
}

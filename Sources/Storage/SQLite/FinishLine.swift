import Synchronization

/// Lets any number of tasks wait for one event that happens once.
final class FinishLine: Sendable {
    private struct State {
        var isCrossed = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func cross() {
        let waiting = state.withLock { state in
            state.isCrossed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isCrossed = state.withLock { state in
                if !state.isCrossed { state.waiting.append(continuation) }
                return state.isCrossed
            }
            if isCrossed { continuation.resume() }
        }
    }
}

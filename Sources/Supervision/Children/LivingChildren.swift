import Foundation
import Synchronization

/// The children of a supervisor that run now.
final class LivingChildren: Sendable {
    private struct State {
        var children: [pid_t: ChildProcess] = [:]
        var isForbidden = false
    }

    private let state = Mutex(State())

    /// Whether there shall be none any more.
    var isForbidden: Bool { state.withLock { $0.isForbidden } }

    func add(_ child: ChildProcess) {
        let isForbidden = state.withLock { state in
            state.children[child.pid] = child
            return state.isForbidden
        }
        if isForbidden { child.signal(SIGKILL) }
    }

    func remove(_ child: ChildProcess) {
        state.withLock { $0.children[child.pid] = nil }
    }

    func killAll() {
        let children = state.withLock { state in
            state.isForbidden = true
            return Array(state.children.values)
        }
        for child in children { child.signal(SIGKILL) }
    }
}

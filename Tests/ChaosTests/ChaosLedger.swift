import Synchronization

/// What clients of a hospital under chaos were told, to be held against what is there in the end.
final class ChaosLedger: Sendable {
    /// A write that was acknowledged: what must be read there afterwards.
    struct Promise: Sendable {
        let path: String
        /// The status that the record was left in by its last acknowledged change, where that was final.
        var finalStatus: String?
    }

    private struct State {
        var outcomes: [String: Int] = [:]
        var promises: [String: Promise] = [:]
        var acknowledged = 0
        var backAfter: [Duration] = []
        var stoodStill: [Duration] = []
    }

    private let state = Mutex(State())

    var outcomes: [String: Int] { state.withLock { $0.outcomes } }
    var promises: [Promise] { state.withLock { Array($0.promises.values) } }
    var acknowledged: Int { state.withLock { $0.acknowledged } }
    var backAfter: [Duration] { state.withLock { $0.backAfter } }
    var stoodStill: [Duration] { state.withLock { $0.stoodStill } }

    /// - Parameter outcome: the status and the code of an answer, or why there was none.
    func note(_ outcome: String) {
        state.withLock { $0.outcomes[outcome, default: 0] += 1 }
    }

    /// The answer said that a record is there, or was changed.
    func promise(_ path: String, finalStatus: String? = nil) {
        state.withLock { state in
            state.acknowledged += 1
            let known = state.promises[path]?.finalStatus
            state.promises[path] = Promise(path: path, finalStatus: finalStatus ?? known)
        }
    }

    func note(backAfter duration: Duration) {
        state.withLock { $0.backAfter.append(duration) }
    }

    func note(stoodStill duration: Duration) {
        state.withLock { $0.stoodStill.append(duration) }
    }
}

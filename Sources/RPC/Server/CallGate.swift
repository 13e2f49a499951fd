import Synchronization

/// Counts the calls in flight of a whole server and shuts when there are too many.
final class CallGate: Sendable {
    private let limit: Int
    private let inFlight = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place; false when all are taken.
    func enter() -> Bool {
        guard inFlight.add(1, ordering: .relaxed).newValue > limit else { return true }
        leave()
        return false
    }

    func leave() {
        inFlight.subtract(1, ordering: .relaxed)
    }

    var count: Int { inFlight.load(ordering: .relaxed) }
}

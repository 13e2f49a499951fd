import Synchronization

/// Whether the server can be reached, as far as the last connections told: while it is away, one thread tries to come back, with
/// growing pauses, and everybody else is told at once.
final class PostgresReach: Sendable {
    private struct State {
        var failures = 0
        var nextTry = ContinuousClock.now
        var isTrying = false
    }

    private let state = Mutex(State())

    private static let longestPause = Duration.seconds(2)

    /// Connects, where it is time to.
    ///
    /// - Throws: ``StorageError/unreachable``.
    func connect(_ make: () throws -> PostgresConnection) throws -> PostgresConnection {
        guard mayTry() else { throw StorageError.unreachable }
        do {
            let connection = try make()
            state.withLock { $0 = State() }
            return connection
        } catch {
            noteFailure()
            throw error
        }
    }

    private func mayTry() -> Bool {
        state.withLock { state in
            if state.failures == 0 { return true }
            guard !state.isTrying, .now >= state.nextTry else { return false }
            state.isTrying = true
            return true
        }
    }

    private func noteFailure() {
        state.withLock { state in
            state.isTrying = false
            state.failures += 1
            let pause = min(.milliseconds(50) * (1 << min(state.failures, 10)), Self.longestPause)
            state.nextTry = .now + pause * .random(in: 0.5...1)
        }
    }
}

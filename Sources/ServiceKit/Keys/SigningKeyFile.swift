import Synchronization

/// The key in a PEM file, as it was a second ago at most: a rotation puts another one there while everything runs, and after a theft nobody
/// accepts what the one before has signed.
package final class SigningKeyFile: Sendable {
    private struct State {
        var key: SigningKey?
        /// Nil where the file had only just changed.
        var stamp: FileStamp?
        var lookAgainAt: ContinuousClock.Instant
    }

    private let path: String
    private let state: Mutex<State>

    private static let patience: Duration = .seconds(1)

    package init(_ path: String) {
        self.path = path
        state = Mutex(State(lookAgainAt: .now))
    }

    /// Where the file is gone or broken since, the last good key.
    ///
    /// - Throws: ``FileError`` where there was none yet.
    package func key(at now: ContinuousClock.Instant = .now) throws -> SigningKey {
        try state.withLock { state in
            if let key = state.key, now < state.lookAgainAt { return key }
            let stamp = FileStamp.settled(path: path)
            if let key = state.key, stamp != nil, stamp == state.stamp {
                state.lookAgainAt = now + Self.patience
                return key
            }
            do {
                state.key = try SigningKey(pemFile: path)
                state.stamp = stamp
            } catch {
                guard state.key != nil else { throw error }
                state.stamp = nil
            }
            state.lookAgainAt = now + Self.patience
            guard let key = state.key else { throw FileError(path, "holds no key") }
            return key
        }
    }
}

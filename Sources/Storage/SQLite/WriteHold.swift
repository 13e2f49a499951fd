import Dispatch
import Synchronization

/// Writes that stand still, and the state of the database at which they do.
///
/// Several databases that were all held before the first was released, and each until then, have states of one moment: what
/// a power cut at that moment would have left in all of them.
public final class WriteHold: Sendable {
    private enum Phase {
        case waiting(CheckedContinuation<WriteHold, any Error>)
        case standing
        case ended
    }

    private let phase: Mutex<Phase>
    private let snapshot = Mutex<SQLiteSnapshot?>(nil)
    private let isOver = DispatchSemaphore(value: 0)

    private init(_ continuation: CheckedContinuation<WriteHold, any Error>) {
        phase = Mutex(.waiting(continuation))
    }

    /// The hold is a write that changes nothing and takes its time: all that were acknowledged are before it, all others behind.
    static func take(of path: String, for limit: Duration, by writer: SQLiteWriter) async throws -> WriteHold {
        try await withCheckedThrowingContinuation { continuation in
            let hold = WriteHold(continuation)
            Task {
                do {
                    try await writer.write { _ in try hold.stand(path, limit) }
                } catch {
                    hold.fail(error)
                }
            }
        }
    }

    /// Lets writes go on.
    ///
    /// - Returns: whether none was made since the hold was taken; false where its limit came first, or it was released before.
    @discardableResult
    public func release() -> Bool {
        guard end() else { return false }
        isOver.signal()
        return true
    }

    /// Copies the state to a new file, as ``Database/backup(to:)`` does. It can be called after the release, and once.
    ///
    /// - Throws: ``StorageError/closed`` where the state is kept no more.
    public func copy(to path: String) async throws {
        guard let state = takeSnapshot() else { throw StorageError.closed }
        try await runOnThread {
            let result = Result { try SQLiteBackup(to: path).run(of: state) }
            try state.close()
            try result.get()
        }
    }

    /// Gives the state up, and lets writes go on where they still stand.
    public func discard() throws {
        release()
        try takeSnapshot()?.close()
    }

    private func takeSnapshot() -> SQLiteSnapshot? {
        snapshot.withLock { kept in
            defer { kept = nil }
            return kept
        }
    }
}

// MARK: - On the writer's thread

extension WriteHold {
    /// Runs inside a transaction, of which nothing is committed meanwhile. Where another write of it fails it runs again, and
    /// has nothing left to do.
    private func stand(_ path: String, _ limit: Duration) throws {
        guard case .waiting = phase.withLock({ $0 }) else { return }
        let state = try SQLiteSnapshot(of: path)
        snapshot.withLock { $0 = state }
        begin()
        if isOver.wait(timeout: .now() + limit / .seconds(1)) == .timedOut { _ = end() }
    }

    private func begin() {
        let waiting: CheckedContinuation<WriteHold, any Error>? = phase.withLock { phase in
            guard case .waiting(let continuation) = phase else { return nil }
            phase = .standing
            return continuation
        }
        waiting?.resume(returning: self)
    }

    private func end() -> Bool {
        phase.withLock { phase in
            guard case .standing = phase else { return false }
            phase = .ended
            return true
        }
    }

    /// The writer would not, or could not.
    private func fail(_ error: any Error) {
        let waiting: CheckedContinuation<WriteHold, any Error>? = phase.withLock { phase in
            guard case .waiting(let continuation) = phase else { return nil }
            phase = .ended
            return continuation
        }
        waiting?.resume(throwing: error)
    }
}

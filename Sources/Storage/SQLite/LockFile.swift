import Foundation
import Synchronization

/// The promise that one process has the database: SQLite's own locks would let a second one in.
///
/// `flock` holds as long as the process lives and is released by the kernel when it dies, so nothing is left to clean up.
/// It is not to be trusted on network file systems; neither is SQLite.
final class LockFile: Sendable {
    private let descriptor: Int32
    private let isReleased = Atomic(false)

    /// - Throws: ``StorageError/locked(path:holder:)`` at once where somebody has it.
    init(beside databasePath: String) throws {
        let path = databasePath + ".lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.cannotOpen("\(path): \(String(cString: strerror(errno)))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw StorageError.locked(path: databasePath, holder: holder)
        }
        self.descriptor = descriptor
        writeHolder()
    }

    /// Waits for whoever has it, for as long as the configuration says.
    static func waiting(beside databasePath: String, _ configuration: DatabaseConfiguration) async throws -> LockFile {
        let giveUp = configuration.lockPatience.map { ContinuousClock.now + $0 }
        while true {
            do {
                return try LockFile(beside: databasePath)
            } catch StorageError.locked(let path, let holder) {
                if let giveUp, .now >= giveUp { throw StorageError.locked(path: path, holder: holder) }
                configuration.onOpening(.waitingForLock(holder: holder))
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    deinit {
        release()
    }

    /// Unlocks before it closes: a child process that is just being started has the descriptor too until it runs its program.
    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// For people who look who has it; nothing depends on it, so a failure to write it is no error.
    private func writeHolder() {
        let holder = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, holder, holder.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes.prefix(count), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Lets one process at a time change a file. The lock is a file beside it, which stays.
package enum FileLock {
    /// Waits until nobody else is in `body` for the same path.
    ///
    /// - Throws: ``FileError`` where no lock can be had, and whatever `body` throws.
    package static func hold<Result>(for path: String, _ body: () throws -> Result) throws -> Result {
        let lock = "\(path).lock"
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(lock, code: errno) }
        // The lock goes with the descriptor.
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileError(lock, code: errno) }
        }
        return try body()
    }

    /// The same for a change that takes its time; no thread waits for the others'.
    ///
    /// - Throws: ``FileError`` where no lock can be had, `CancellationError`, and whatever `body` throws.
    package static func hold<Result>(for path: String, _ body: () async throws -> Result) async throws -> Result {
        let lock = "\(path).lock"
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(lock, code: errno) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EINTR || errno == EWOULDBLOCK else { throw FileError(lock, code: errno) }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await body()
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tells whether a file has changed since it was read, for the price of one `stat`.
///
/// File times tick coarsely (up to 10 ms), so a second change right after the first can leave the same stamp. A stamp
/// taken of a file that has just changed is therefore not settled, and whoever holds it reads again.
package struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modifiedNanoseconds: Int64

    /// Nil where there is no such file.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
        let modified = status.st_mtimespec
        #else
        let modified = status.st_mtim
        #endif
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
        modifiedNanoseconds = Int64(modified.tv_sec) &* 1_000_000_000 &+ Int64(modified.tv_nsec)
    }

    /// How long ago the file was written; negative where the clock was set back since.
    package var age: Duration { .nanoseconds(SystemTime.nanosecondsSinceEpoch() - modifiedNanoseconds) }

    /// The stamp of a file that has rested long enough for its stamp to tell every later change; nil for one that has
    /// only just changed. Taken before the file is read.
    package static func settled(path: String) -> FileStamp? {
        let now = SystemTime.nanosecondsSinceEpoch()
        guard let stamp = FileStamp(path: path), now - stamp.modifiedNanoseconds > 50_000_000 else { return nil }
        return stamp
    }
}

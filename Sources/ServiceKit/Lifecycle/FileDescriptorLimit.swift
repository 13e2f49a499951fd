#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many files and sockets the process may have open. Systems begin with few, often 1,024, for the sake of programs
/// older than this one; a process may raise that up to a limit of the administrator's.
public enum FileDescriptorLimit {
    /// More than any process of the hospital uses. Where the system knows no limit at all, so many are enough.
    private static let most: UInt = 65_536

    /// Raises the limit as far as the system lets it, and answers what holds now. Children inherit it.
    @discardableResult
    public static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        let wanted = min(UInt(limit.rlim_max), most)
        if UInt(limit.rlim_cur) < wanted {
            limit.rlim_cur = rlim_t(wanted)
            // Where it can't be raised, the old one holds, and is what the next line reads.
            _ = setrlimit(resource, &limit)
        }
        return current
    }

    /// What holds now; 0 where the system doesn't say.
    public static var current: Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}

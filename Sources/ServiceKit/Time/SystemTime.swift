#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The machine's clock, whatever the hospital's shows: for what is about the real world, as timers and retries are.
public enum SystemTime {
    /// Nanoseconds since 1970, UTC.
    static func nanosecondsSinceEpoch() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// Milliseconds since 1970, UTC.
    public static func millisecondsSinceEpoch() -> Int64 {
        nanosecondsSinceEpoch() / 1_000_000
    }
}

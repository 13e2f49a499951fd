import Foundation

/// What work costs a processor, however busy the others are.
public enum ProcessorTime {
    /// The least time that this thread took for `work`, of several rounds.
    public static func least(of rounds: Int = 5, _ work: () throws -> Void) rethrows -> Duration {
        try (0..<rounds).map { _ in
            let start = now()
            try work()
            return now() - start
        }.min() ?? .zero
    }

    /// How long this thread has run.
    private static func now() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

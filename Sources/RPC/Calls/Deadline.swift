public import NIOCore

/// The instant by which a call must be answered. Local to this machine: only the time left crosses the wire.
public struct Deadline: Sendable, Hashable, Comparable {
    let instant: NIODeadline

    init(_ instant: NIODeadline) {
        self.instant = instant
    }

    /// Never.
    public static let never = Deadline(.distantFuture)

    /// `timeout` from now; a negative one has passed already.
    public static func after(_ timeout: Duration) -> Deadline {
        Deadline(.now() + timeout.timeAmount)
    }

    /// What is left; zero once it has passed.
    public var remaining: Duration {
        .nanoseconds(max(0, (instant - .now()).nanoseconds))
    }

    public var hasPassed: Bool {
        instant <= .now()
    }

    public static func < (one: Deadline, other: Deadline) -> Bool {
        one.instant < other.instant
    }
}

extension Duration {
    /// The same span for an event loop, held within ± 100 years so that arithmetic with it can't overflow.
    public var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        let century: Int64 = 3_155_760_000
        return .nanoseconds(min(max(seconds, -century), century) * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

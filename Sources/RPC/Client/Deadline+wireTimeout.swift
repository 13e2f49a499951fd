import NIOCore

extension Deadline {
    /// What is left at `now`, as REQUEST carries it: at least a millisecond, or zero for "no deadline".
    func wireTimeout(at now: NIODeadline) -> UInt32 {
        self == .never ? 0 : max(1, Duration.nanoseconds((instant - now).nanoseconds).wireMilliseconds)
    }
}

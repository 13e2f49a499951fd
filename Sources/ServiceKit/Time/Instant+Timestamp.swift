public import Contracts
public import Vocabulary

extension ProtobufTimestamp {
    public init(_ instant: Instant) {
        self.init(seconds: instant.secondsSinceEpoch, nanos: instant.nanosecondsOfSecond)
    }

    /// To the millisecond; nil outside the years 1 to 9999.
    public var instant: Instant? {
        Instant(secondsSinceEpoch: seconds, nanoseconds: nanos)
    }
}

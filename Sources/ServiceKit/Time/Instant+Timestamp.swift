public import Contracts
public import Vocabulary

extension ProtobufTimestamp {
    public init(_ instant: Instant) {
        self.init(seconds: instant.secondsSinceEpoch, nanos: instant.nanosecondsOfSecond)
    }

    /// To the millisecond, what is finer is cut off; nil outside the years 1 to 9999. A time that decides something is asked
    /// for by ``exactInstant(_:)``.
    public var instant: Instant? {
        Instant(secondsSinceEpoch: seconds, nanoseconds: nanos)
    }

    /// Whether nothing is cut off of its ``instant``.
    public var isExact: Bool { nanos % 1_000_000 == 0 }

    /// The time that a field of a request holds.
    ///
    /// - Throws: `INVALID_ARGUMENT` on the field where it lies outside the years 1 to 9999, or is finer than a millisecond.
    public func exactInstant(_ field: String) throws(Rejection) -> Instant {
        guard let instant else {
            throw Rejection(invalid: [.init(field: field, sentence: "must be a time between the years 1 and 9999")])
        }
        guard isExact else { throw Rejection(invalid: [.init(field: field, sentence: "must be a time to the millisecond")]) }
        return instant
    }
}

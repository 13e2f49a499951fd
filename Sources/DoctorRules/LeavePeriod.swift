public import Vocabulary

/// A stretch of time, half-open, in which a doctor sees nobody: at most 366 days.
///
/// It may lie in the past, for an illness is entered when the doctor is back, and it may overlap another leave.
public struct LeavePeriod: Hashable, Sendable {
    public let start: Instant
    public let end: Instant

    public static let longest = Duration.days(366)

    /// - Throws: `INVALID_ARGUMENT` on `end`, where it is not after the start or too long after it.
    public init(start: Instant, end: Instant) throws(Rejection) {
        if end <= start { throw Rejection(invalid: [.init(field: "end", sentence: "must be after start")]) }
        if end - start > Self.longest { throw Rejection(invalid: [.init(field: "end", sentence: "must be at most 366 days after start")]) }
        self.start = start
        self.end = end
    }
}

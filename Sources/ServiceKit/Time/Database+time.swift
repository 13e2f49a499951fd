public import Storage
public import Vocabulary

extension Database {
    /// The clock that all who share the database have in common, or, in a test, another one.
    public func realTime(orBy clock: HospitalClock?) -> @Sendable () async throws -> Instant {
        { [self] in
            if let clock { return clock.now() }
            return Instant(millisecondsSinceEpoch: try await realTime())
        }
    }
}

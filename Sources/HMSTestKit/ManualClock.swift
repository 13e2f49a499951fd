public import ServiceKit
import Synchronization
public import Vocabulary

/// A hospital clock that stands until a test moves it.
public final class ManualClock: Sendable {
    private let instant: Mutex<Instant>

    public init(_ instant: Instant) {
        self.instant = Mutex(instant)
    }

    /// The clock as services take it.
    public var clock: HospitalClock {
        HospitalClock { self.now }
    }

    public var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }

    public func advance(by duration: Duration) {
        instant.withLock { $0 = $0 + duration }
    }
}

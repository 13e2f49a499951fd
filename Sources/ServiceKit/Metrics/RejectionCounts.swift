import MetricsRegistry
import Synchronization
import Vocabulary

/// How often each rule has said no.
final class RejectionCounts: Sendable {
    private let metrics: Metrics
    private let counters = Mutex<[RejectionCode: Counter]>([:])

    init(_ metrics: Metrics) {
        self.metrics = metrics
    }

    func count(_ rejection: Rejection) {
        let counter = counters.withLock { counters in
            if let known = counters[rejection.code] { return known }
            let new = metrics.counter(
                "hms_rejections_total", "Requests to which a rule said no, by its code.", ["code": rejection.code.rawValue])
            counters[rejection.code] = new
            return new
        }
        counter.add()
    }
}

import Synchronization

/// How many of what was recorded lie below each bound, and their sum. Recording is two atomic additions and a search among
/// the bounds.
public final class Histogram: Sendable {
    let buckets: Buckets
    private let counts = InlineArray<24, Atomic<Int>> { _ in Atomic(0) }
    private let sum = Atomic(0)

    init(_ buckets: Buckets) {
        self.buckets = buckets
    }

    /// Counts one, in the whole numbers of the bounds: nanoseconds where these are of durations.
    public func record(_ number: Int) {
        counts[buckets.index(of: number)].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(number, ordering: .relaxed)
    }

    public func record(_ duration: Duration) {
        let parts = duration.components
        record(Int(clamping: parts.seconds) &* 1_000_000_000 &+ Int(clamping: parts.attoseconds / 1_000_000_000))
    }

    /// The counts below each bound, and last that of all. They are read one after the other, while others may be added: what
    /// is shown as the count of all is the sum of them, so that the two agree.
    private var cumulative: [Int] {
        var total = 0
        return (0...buckets.bounds.count).map { index in
            total += counts[index].load(ordering: .relaxed)
            return total
        }
    }

    var value: MetricFamily.Sample.Value {
        .histogram(buckets, cumulative: cumulative, sum: sum.load(ordering: .relaxed))
    }

    /// How many were recorded.
    public var count: Int { cumulative.last ?? 0 }
}

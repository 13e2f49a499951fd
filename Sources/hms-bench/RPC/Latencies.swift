/// Latencies in buckets of a tenth of a microsecond up to a millisecond, and of ten microseconds up to 100 ms.
struct Latencies: Sendable {
    private static let bucketCount = 10_000
    private static let coarsening = 100

    private var fine = [Int32](repeating: 0, count: bucketCount)
    private var coarse = [Int32](repeating: 0, count: bucketCount)
    private(set) var count = 0

    mutating func add(_ duration: Duration) {
        add(nanoseconds: Int64(duration / .nanoseconds(1)))
    }

    mutating func add(nanoseconds: Int64) {
        let tenths = Int(nanoseconds / 100)
        if tenths < Self.bucketCount {
            fine[max(0, tenths)] += 1
        } else {
            coarse[min(tenths / Self.coarsening, Self.bucketCount - 1)] += 1
        }
        count += 1
    }

    mutating func merge(_ other: Latencies) {
        for index in fine.indices {
            fine[index] += other.fine[index]
            coarse[index] += other.coarse[index]
        }
        count += other.count
    }

    /// Microseconds that this share of calls stayed within.
    func percentile(_ share: Double) -> Double {
        var left = Int(Double(count) * share)
        for (tenths, count) in fine.enumerated() {
            left -= Int(count)
            if left < 0 { return Double(tenths) / 10 }
        }
        for (bucket, count) in coarse.enumerated() {
            left -= Int(count)
            if left < 0 { return Double(bucket * Self.coarsening) / 10 }
        }
        return Double(Self.bucketCount * Self.coarsening) / 10
    }
}

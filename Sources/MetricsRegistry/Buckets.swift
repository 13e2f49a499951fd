/// The bounds between which a histogram counts, and what its whole numbers stand for.
public struct Buckets: Hashable, Sendable {
    /// Upper bounds, each included, in rising order.
    let bounds: [Int]
    /// How many of the whole numbers that are recorded make one of the unit that is shown: 10⁹ for nanoseconds shown as seconds.
    let perUnit: Int
    /// The bounds as they are shown.
    let texts: [String]

    /// More than these are not kept.
    static let most = 23

    /// - Parameter bounds: the first ``most`` of them count, sorted.
    public init(_ bounds: [Int], perUnit: Int = 1) {
        self.bounds = Array(Set(bounds).sorted().prefix(Buckets.most))
        self.perUnit = max(1, perUnit)
        texts = self.bounds.map { [perUnit = self.perUnit] in NumberText.of($0, perUnit: perUnit) }
    }

    /// Durations in nanoseconds, shown as seconds: from a quarter of a millisecond to half a minute, three bounds a decade.
    public static let durations = Buckets(
        [
            250_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000, 200_000_000, 500_000_000,
            1_000_000_000, 2_000_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
        ], perUnit: 1_000_000_000)

    /// What is done so many at a time: 1, 2, 4 … 1024.
    public static let counts = Buckets((0...10).map { 1 << $0 })

    /// The number of the first bound that `number` is not above; their count where it is above all.
    func index(of number: Int) -> Int {
        var (low, high) = (0, bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if number <= bounds[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Numbers as both formats write them.
enum NumberText {
    static func of(_ number: Int, perUnit: Int) -> String {
        guard perUnit > 1 else { return "\(number)" }
        return of(Double(number) / Double(perUnit))
    }

    /// Whole numbers have no point.
    static func of(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

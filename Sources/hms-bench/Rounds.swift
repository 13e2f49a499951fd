/// What repeated rounds of one measurement gave.
struct Rounds {
    private(set) var values: [Double] = []

    mutating func add(_ value: Double) { values.append(value) }

    var median: Double {
        let sorted = values.sorted()
        guard let middle = sorted.dropFirst(sorted.count / 2).first else { return 0 }
        return middle
    }

    /// The median with the smallest and the largest, all as whole numbers.
    var summary: String { "\(whole(median)) (\(whole(values.min() ?? 0))–\(whole(values.max() ?? 0)))" }

    /// The same to a tenth.
    var inTenths: String { "\(tenths(median)) (\(tenths(values.min() ?? 0))–\(tenths(values.max() ?? 0)))" }

    private func tenths(_ value: Double) -> String { String((value * 10).rounded() / 10) }

    private func whole(_ value: Double) -> String { String(Int(value.rounded())) }
}

/// Runs `work` and returns how many of `count` it did per second.
func rate(_ count: Int, _ work: () async throws -> Void) async rethrows -> Double {
    let duration = try await ContinuousClock().measure(work)
    return Double(count) / (duration / .seconds(1))
}

import Synchronization

/// The metrics of one process. Who counts asks once, at his start, for a handle of each series and keeps it: counting looks
/// nothing up and takes no lock.
///
/// A name has one kind, one help and so many series at most; what is asked for beyond that counts nowhere, and
/// `hms_metrics_series_dropped_total` says how often that happened. Nobody has to handle an error for the sake of a number.
public final class Metrics: Sendable {
    private enum Cell: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
    }

    private struct Family {
        let name: String
        let help: String
        let kind: MetricFamily.Kind
        var series: [(labels: MetricLabels, cell: Cell, createdAt: Int64)] = []
        var places: [MetricLabels: Int] = [:]
    }

    private struct State {
        var families: [Family] = []
        var places: [String: Int] = [:]
        var collectors: [@Sendable () async -> [MetricFamily]] = []
    }

    private let state = Mutex(State())
    private let dropped = Counter()
    private let maximumSeries: Int
    /// False: whoever would count what happens often need not, to measure what counting costs.
    public let isCounting: Bool
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - maximumSeries: how many series one name may have.
    ///   - isCounting: see ``isCounting``.
    ///   - now: milliseconds since 1970.
    public init(maximumSeries: Int = 2_000, isCounting: Bool = true, now: @escaping @Sendable () -> Int64 = { 0 }) {
        self.maximumSeries = maximumSeries
        self.isCounting = isCounting
        self.now = now
    }

    // MARK: Handles

    /// The counter of that name and labels; the same whenever it is asked for. The name ends in `_total`.
    public func counter(_ name: String, _ help: String, _ labels: MetricLabels = .none) -> Counter {
        guard case .counter(let counter) = cell(name, help, .counter, labels, { .counter(Counter()) }) else { return Counter() }
        return counter
    }

    public func gauge(_ name: String, _ help: String, _ labels: MetricLabels = .none) -> Gauge {
        guard case .gauge(let gauge) = cell(name, help, .gauge, labels, { .gauge(Gauge()) }) else { return Gauge() }
        return gauge
    }

    public func histogram(_ name: String, _ help: String, _ labels: MetricLabels = .none, buckets: Buckets = .durations) -> Histogram {
        let cell = cell(name, help, .histogram, labels) { .histogram(Histogram(buckets)) }
        guard case .histogram(let histogram) = cell else { return Histogram(buckets) }
        return histogram
    }

    /// Has something read whenever the metrics are asked for. What costs much to read is to be bounded by who reads it.
    public func collect(_ collector: @escaping @Sendable () async -> [MetricFamily]) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// Nil where there is no room for it.
    private func cell(
        _ name: String, _ help: String, _ kind: MetricFamily.Kind, _ labels: MetricLabels, _ make: () -> Cell
    ) -> Cell? {
        state.withLock { state in
            if state.places[name] == nil {
                state.places[name] = state.families.count
                state.families.append(Family(name: name, help: help, kind: kind))
            }
            guard let place = state.places[name], state.families[place].kind == kind else { return drop() }
            if let known = state.families[place].places[labels] { return state.families[place].series[known].cell }
            guard state.families[place].series.count < maximumSeries else { return drop() }
            let cell = make()
            state.families[place].places[labels] = state.families[place].series.count
            state.families[place].series.append((labels, cell, now()))
            return cell
        }
    }

    private func drop() -> Cell? {
        dropped.add()
        return nil
    }

    // MARK: Reading

    /// Everything as it is now, by name.
    public func families() async -> [MetricFamily] {
        let (own, collectors) = state.withLock { ($0.families.map(Metrics.read), $0.collectors) }
        var families = own.filter { !$0.samples.isEmpty }
        for collector in collectors { families += await collector() }
        families.append(
            MetricFamily(
                "hms_metrics_series_dropped_total", "Series that found no room among the metrics of this process.", .counter,
                [.init(dropped.value)]))
        return Metrics.merged(families).sorted { $0.name < $1.name }
    }

    private static func read(_ family: Family) -> MetricFamily {
        MetricFamily(
            family.name, family.help, family.kind,
            family.series.map { labels, cell, createdAt in
                switch cell {
                case .counter(let counter): .init(.number("\(counter.value)"), labels, createdAt: createdAt)
                case .gauge(let gauge): .init(.number("\(gauge.value)"), labels, createdAt: nil)
                case .histogram(let histogram): .init(histogram.value, labels, createdAt: createdAt)
                }
            })
    }

    /// What several collectors tell under one name stands together.
    private static func merged(_ families: [MetricFamily]) -> [MetricFamily] {
        var places: [String: Int] = [:]
        var merged: [MetricFamily] = []
        for family in families {
            if let place = places[family.name] {
                let first = merged[place]
                merged[place] = MetricFamily(first.name, first.help, first.kind, first.samples + family.samples)
            } else {
                places[family.name] = merged.count
                merged.append(family)
            }
        }
        return merged
    }
}

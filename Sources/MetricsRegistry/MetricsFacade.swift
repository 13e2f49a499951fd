import CoreMetrics

extension Metrics {
    /// Has whatever libraries report by swift-metrics counted here. Once in a process: a second one traps.
    public func receiveFromLibraries() {
        MetricsSystem.bootstrap(MetricsFacade(metrics: self))
    }
}

/// Our metrics as swift-metrics asks for them. What libraries name and label is theirs: it is bounded as ours is.
private struct MetricsFacade: MetricsFactory {
    let metrics: Metrics

    private static let help = "Reported by a library."

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let name = Self.name(label)
        return CountedByLibrary(
            counter: metrics.counter(name.hasSuffix("_total") ? name : name + "_total", Self.help, Self.labels(dimensions)))
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        ShownByLibrary(gauge: metrics.gauge(Self.name(label), Self.help, Self.labels(dimensions)))
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        let (name, labels) = (Self.name(label), Self.labels(dimensions))
        if !aggregate { return ShownByLibrary(gauge: metrics.gauge(name, Self.help, labels)) }
        return RecordedByLibrary(histogram: metrics.histogram(name, Self.help, labels, buckets: .counts))
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = Self.name(label)
        return RecordedByLibrary(
            histogram: metrics.histogram(name.hasSuffix("_seconds") ? name : name + "_seconds", Self.help, Self.labels(dimensions)))
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private static func labels(_ dimensions: [(String, String)]) -> MetricLabels {
        MetricLabels(dimensions.map { (name($0.0), $0.1) })
    }

    /// What may stand in a name, and an underscore for all else.
    private static func name(_ label: String) -> String {
        let name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return name.first.map(\.isLetter) == true ? name : "library_" + name
    }
}

private final class CountedByLibrary: CounterHandler {
    private let counter: Counter

    init(counter: Counter) {
        self.counter = counter
    }

    func increment(by amount: Int64) {
        counter.add(Int(clamping: amount))
    }

    /// A counter only rises.
    func reset() {}
}

/// Whole numbers: of others the nearest.
private final class ShownByLibrary: MeterHandler, RecorderHandler {
    private let gauge: Gauge

    init(gauge: Gauge) {
        self.gauge = gauge
    }

    func set(_ value: Int64) { gauge.set(Int(clamping: value)) }
    func set(_ value: Double) { gauge.set(Int(exactly: value.rounded()) ?? 0) }
    func increment(by amount: Double) { gauge.add(Int(exactly: amount.rounded()) ?? 0) }
    func decrement(by amount: Double) { gauge.add(-(Int(exactly: amount.rounded()) ?? 0)) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

private final class RecordedByLibrary: RecorderHandler, TimerHandler {
    private let histogram: Histogram

    init(histogram: Histogram) {
        self.histogram = histogram
    }

    func record(_ value: Int64) { histogram.record(Int(clamping: value)) }
    func record(_ value: Double) { histogram.record(Int(exactly: value.rounded()) ?? 0) }
    func recordNanoseconds(_ duration: Int64) { histogram.record(Int(clamping: duration)) }
}

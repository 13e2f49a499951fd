import MetricsRegistry
import Testing

@Suite struct ExpositionTests {
    /// Everything that can be told, with numbers that are known.
    private static func sample() async -> [MetricFamily] {
        let metrics = Metrics(now: { 1_772_000_000_500 })
        metrics.counter("visits_total", "Visits so far.", ["kind": "first"]).add(3)
        metrics.counter("visits_total", "Visits so far.", ["kind": "again"]).add()
        metrics.gauge("beds_free", "Beds that nobody lies in: \\ and\n\"all\".").set(-2)
        let waiting = metrics.histogram("waiting_seconds", "Waiting.", ["ward": "a\"b\\c\nd"])
        waiting.record(.milliseconds(1))
        waiting.record(.microseconds(1_001))
        waiting.record(.seconds(60))
        metrics.collect { [.init("load_ratio", "How busy it is.", .gauge, [.init(0.25)])] }
        return await metrics.families()
    }

    @Test func `Prometheus' text is told word for word`() async {
        let text = Exposition.prometheus.text(of: await Self.sample())
        #expect(
            text == #"""
                # HELP beds_free Beds that nobody lies in: \\ and\n"all".
                # TYPE beds_free gauge
                beds_free -2
                # HELP hms_metrics_series_dropped_total Series that found no room among the metrics of this process.
                # TYPE hms_metrics_series_dropped_total counter
                hms_metrics_series_dropped_total 0
                # HELP load_ratio How busy it is.
                # TYPE load_ratio gauge
                load_ratio 0.25
                # HELP visits_total Visits so far.
                # TYPE visits_total counter
                visits_total{kind="first"} 3
                visits_total{kind="again"} 1
                # HELP waiting_seconds Waiting.
                # TYPE waiting_seconds histogram
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.00025"} 0
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.0005"} 0
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.001"} 1
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.002"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.005"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.01"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.02"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.05"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.1"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.2"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="0.5"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="1"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="2"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="5"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="10"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="30"} 2
                waiting_seconds_bucket{ward="a\"b\\c\nd",le="+Inf"} 3
                waiting_seconds_sum{ward="a\"b\\c\nd"} 60.002001
                waiting_seconds_count{ward="a\"b\\c\nd"} 3

                """#)
    }

    @Test func `OpenMetrics names counters without their ending, says since when they count, and ends`() async {
        let metrics = Metrics(now: { 1_772_000_000_500 })
        metrics.counter("visits_total", "Visits so far.").add(3)
        let waiting = metrics.histogram("waiting_seconds", "Waiting.", buckets: Buckets([1_000, 2_500], perUnit: 1_000))
        waiting.record(1_500)
        let text = Exposition.openMetrics.text(of: await metrics.families().filter { !$0.name.hasPrefix("hms_") })
        #expect(
            text == """
                # HELP visits Visits so far.
                # TYPE visits counter
                visits_total 3
                visits_created 1772000000.5
                # HELP waiting_seconds Waiting.
                # TYPE waiting_seconds histogram
                # UNIT waiting_seconds seconds
                waiting_seconds_bucket{le="1.0"} 0
                waiting_seconds_bucket{le="2.5"} 1
                waiting_seconds_bucket{le="+Inf"} 1
                waiting_seconds_sum 1.5
                waiting_seconds_count 1
                waiting_seconds_created 1772000000.5
                # EOF

                """)
    }

    @Test(arguments: [
        (nil, false), ("*/*", false), ("text/plain", false), ("application/openmetrics-text; version=1.0.0,text/plain;q=0.5", true),
        ("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,*/*;q=0.1", true),
        ("application/openmetrics-text;q=0, text/plain", false),
    ])
    func `OpenMetrics is for who asks for it`(accept: String?, isOpenMetrics: Bool) {
        #expect((Exposition(accept: accept) == .openMetrics) == isOpenMetrics)
    }
}

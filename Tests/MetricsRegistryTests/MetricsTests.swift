import MetricsRegistry
import Testing

@Suite struct MetricsTests {
    private static let help = "Help."

    @Test func `who asks twice for one series has one`() {
        let metrics = Metrics()
        #expect(metrics.counter("a_total", Self.help, ["x": "1"]) === metrics.counter("a_total", Self.help, ["x": "1"]))
        #expect(metrics.counter("a_total", Self.help, ["x": "1"]) !== metrics.counter("a_total", Self.help, ["x": "2"]))
    }

    @Test func `a name has so many series and no more, and what finds no room is counted`() async {
        let metrics = Metrics(maximumSeries: 10)
        for number in 0..<100 { metrics.counter("a_total", Self.help, ["id": "\(number)"]).add() }
        metrics.counter("a_total", Self.help, ["id": "3"]).add()
        let text = Exposition.prometheus.text(of: await metrics.families())
        #expect(text.split(separator: "\n").count { $0.hasPrefix("a_total{") } == 10)
        #expect(text.contains("a_total{id=\"3\"} 2"))
        #expect(text.contains("hms_metrics_series_dropped_total 90"))
    }

    @Test func `a name that counts shows nothing`() async {
        let metrics = Metrics()
        metrics.counter("a_total", Self.help).add(5)
        metrics.gauge("a_total", Self.help).set(7)
        let text = Exposition.prometheus.text(of: await metrics.families())
        #expect(text.contains("a_total 5\n") && !text.contains("7"))
        #expect(text.contains("hms_metrics_series_dropped_total 1"))
    }

    @Test func `a counter never falls`() {
        let counter = Metrics().counter("a_total", Self.help)
        counter.add(2)
        counter.add(-5)
        #expect(counter.value == 2)
    }

    @Test func `many who count at once lose nothing`() async {
        let histogram = Metrics().histogram("a", Self.help, buckets: .counts)
        await withTaskGroup { group in
            for task in 0..<8 { group.addTask { for number in 0..<1_000 { histogram.record(number % (task + 1)) } } }
        }
        #expect(histogram.count == 8_000)
    }

    @Test func `one millisecond and two are told apart`() async {
        let metrics = Metrics()
        let histogram = metrics.histogram("a_seconds", Self.help)
        histogram.record(.milliseconds(1))
        histogram.record(.milliseconds(2))
        let text = Exposition.prometheus.text(of: await metrics.families())
        #expect(text.contains("le=\"0.001\"} 1\n") && text.contains("le=\"0.002\"} 2\n"))
    }

    @Test func `what several collectors tell of one name stands together`() async {
        let metrics = Metrics()
        for part in ["one", "two"] { metrics.collect { [.init("size", Self.help, .gauge, [.init(1, ["part": part])])] } }
        let text = Exposition.prometheus.text(of: await metrics.families())
        #expect(text.contains("# TYPE size gauge\nsize{part=\"one\"} 1\nsize{part=\"two\"} 1\n"))
    }
}

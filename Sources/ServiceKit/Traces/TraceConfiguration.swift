/// Of which requests it is kept what they did.
public struct TraceConfiguration: Hashable, Sendable {
    /// One of so many; none where 0, but failed and slow ones always.
    public var rate = 100
    /// What takes as long or longer is slow.
    public var slow: Duration = .milliseconds(250)

    /// Where spans are sent as well: the URL of a collector of OpenTelemetry; nil: nowhere.
    public var collector: String?

    public init() {}

    var slowNanoseconds: Int64 { slow.nanoseconds }
}

extension TraceConfiguration {
    init(reading settings: inout SettingReader) {
        self.init()
        rate = settings.read(Settings.traceRate, SettingCheck.integer(0...1_000_000_000), else: rate)
        collector = settings.read(Settings.otlp, SettingCheck.collector, else: nil)
        slow = settings.read(Settings.traceSlow, SettingCheck.duration(.milliseconds(1) ... .seconds(600)), else: slow)
    }
}

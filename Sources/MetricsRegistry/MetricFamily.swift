/// All series of one name, as they are at one moment.
public struct MetricFamily: Sendable {
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// One series.
    public struct Sample: Sendable {
        enum Value: Sendable {
            case number(String)
            case histogram(Buckets, cumulative: [Int], sum: Int)
        }

        let labels: MetricLabels
        let value: Value
        /// When it began to count, in milliseconds since 1970; nil where nothing is counted.
        var createdAt: Int64?

        /// A number that was read when it was asked for.
        public init(_ number: Double, _ labels: MetricLabels = .none) {
            self.labels = labels
            value = .number(NumberText.of(number))
        }

        public init(_ number: Int, _ labels: MetricLabels = .none) {
            self.labels = labels
            value = .number("\(number)")
        }

        /// What a counter or a gauge shows, or how many a histogram has counted.
        public var count: Int {
            switch value {
            case .number(let text): Int(text) ?? Double(text).map { Int($0) } ?? 0
            case .histogram(_, let cumulative, _): cumulative.last ?? 0
            }
        }

        /// What a counter or a gauge shows, or what all that a histogram has counted comes to, in the unit that is shown.
        public var sum: Double {
            switch value {
            case .number(let text): Double(text) ?? 0
            case .histogram(let buckets, _, let sum): Double(sum) / Double(buckets.perUnit)
            }
        }

        /// The value of a label; empty where there is no such.
        public func label(_ name: String) -> String { labels.pairs.first { $0.name == name }?.value ?? "" }

        init(_ value: Value, _ labels: MetricLabels, createdAt: Int64?) {
            self.labels = labels
            self.value = value
            self.createdAt = createdAt
        }
    }

    /// `rpc_server_call_duration_seconds`; that of a counter ends in `_total`.
    public let name: String
    public let help: String
    public let kind: Kind
    public let samples: [Sample]

    public init(_ name: String, _ help: String, _ kind: Kind = .gauge, _ samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }
}

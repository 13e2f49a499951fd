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

/// What tells the series of one metric apart: names and values, in the order in which they are shown. Values come from closed
/// sets: a method, a route, a code. Never an id, never what a person wrote.
public struct MetricLabels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    struct Pair: Hashable, Sendable {
        let name: String
        let value: String
    }

    let pairs: [Pair]

    public static let none = MetricLabels([])

    /// The longest value; what is longer is cut, because nothing of a closed set is.
    private static let longestValue = 128

    public init(_ pairs: [(String, String)]) {
        self.pairs = pairs.map { Pair(name: $0, value: String($1.prefix(MetricLabels.longestValue))) }
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    /// These, and then others.
    public func and(_ others: MetricLabels) -> MetricLabels {
        MetricLabels((pairs + others.pairs).map { ($0.name, $0.value) })
    }
}

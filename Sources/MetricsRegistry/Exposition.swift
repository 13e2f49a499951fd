/// Metrics as text, in one of the two formats that Prometheus reads.
public enum Exposition: Sendable {
    /// Prometheus' text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.0.
    case openMetrics

    /// What a client is given that sends this `Accept`; OpenMetrics only to who asks for it and wants it no less.
    public init(accept: String?) {
        self = Exposition.quality(of: "application/openmetrics-text", in: accept ?? "") > 0 ? .openMetrics : .prometheus
    }

    public var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    public func text(of families: [MetricFamily]) -> String {
        var text = ""
        for family in families { append(family, to: &text) }
        if self == .openMetrics { text += "# EOF\n" }
        return text
    }

    // MARK: Families

    private func append(_ family: MetricFamily, to text: inout String) {
        let name = self == .openMetrics && family.kind == .counter ? family.name.without(suffix: "_total") : family.name
        text += "# HELP \(name) \(escaped(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
        if self == .openMetrics, name.hasSuffix("_seconds") { text += "# UNIT \(name) seconds\n" }
        if self == .openMetrics, name.hasSuffix("_bytes") { text += "# UNIT \(name) bytes\n" }
        for sample in family.samples {
            switch sample.value {
            case .number(let number): append(family.name, sample.labels, number, to: &text)
            case .histogram(let buckets, let cumulative, let sum):
                append(family.name, sample.labels, buckets, cumulative, sum, to: &text)
            }
            if self == .openMetrics, let createdAt = sample.createdAt {
                append(name + "_created", sample.labels, NumberText.of(Double(createdAt) / 1_000), to: &text)
            }
        }
    }

    private func append(
        _ name: String, _ labels: MetricLabels, _ buckets: Buckets, _ cumulative: [Int], _ sum: Int, to text: inout String
    ) {
        for (bound, count) in zip(buckets.texts.map(bound) + ["+Inf"], cumulative) {
            append(name + "_bucket", labels.and(["le": bound]), "\(count)", to: &text)
        }
        append(name + "_sum", labels, NumberText.of(sum, perUnit: buckets.perUnit), to: &text)
        append(name + "_count", labels, "\(cumulative.last ?? 0)", to: &text)
    }

    /// OpenMetrics writes bounds as floating-point numbers always.
    private func bound(_ text: String) -> String {
        self == .openMetrics && !text.contains(".") && !text.contains("e") ? text + ".0" : text
    }

    private func append(_ name: String, _ labels: MetricLabels, _ number: String, to text: inout String) {
        text += name
        if !labels.pairs.isEmpty {
            text += "{" + labels.pairs.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
        }
        text += " \(number)\n"
    }

    private func escaped(_ text: String, quotes: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        return text.reduce(into: "") { escaped, character in
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes || self == .openMetrics: escaped += "\\\""
            default: escaped.append(character)
            }
        }
    }

    /// Of a media type in an `Accept`, where it is named: 0 to 1; 0 where it is not.
    private static func quality(of type: String, in accept: String) -> Double {
        for range in accept.lowercased().split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            guard parts.first == type else { continue }
            let quality = parts.first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            return quality ?? 1
        }
        return 0
    }
}

extension String {
    fileprivate func without(suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

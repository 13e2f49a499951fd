/// The metrics of several processes as one text in Prometheus' format: what belongs to one name stands together, and every
/// series says whose it is.
public struct CombinedMetrics: Sendable {
    private var names: [String] = []
    private var families: [String: (head: [Substring], samples: [String])] = [:]

    public init() {}

    /// - Parameter text: as the process has told it, HELP and TYPE before the samples of each name.
    public mutating func add(_ text: String, of target: MetricsTarget) {
        let labels = "service=\"\(target.service)\",replica=\"\(target.replica)\""
        var name = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# HELP ") || line.hasPrefix("# TYPE ") {
                name = String(line.dropFirst(7).prefix { $0 != " " })
                if families[name] == nil { names.append(name) }
                let isKnown = families[name]?.head.contains(line) ?? false
                if !isKnown { families[name, default: ([], [])].head.append(line) }
            } else if !line.hasPrefix("#") {
                families[name]?.samples.append(CombinedMetrics.labelled(line, labels))
            }
        }
    }

    public var text: String {
        names.sorted().compactMap { families[$0] }.map { ($0.head.map(String.init) + $0.samples).joined(separator: "\n") }
            .joined(separator: "\n")
    }

    private static func labelled(_ line: Substring, _ labels: String) -> String {
        guard let end = line.firstIndex(where: { $0 == "{" || $0 == " " }) else { return String(line) }
        let rest = line[line.index(after: end)...]
        return line[end] == "{" ? "\(line[..<end]){\(labels),\(rest)" : "\(line[..<end]){\(labels)} \(rest)"
    }
}

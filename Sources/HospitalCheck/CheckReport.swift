import PlainText

/// What a check of a whole hospital found, invariant by invariant.
public struct CheckReport: Sendable {
    public enum Verdict: String, Sendable {
        case holds
        /// Not so yet: work that would make it so is still waiting.
        case waits
        case broken = "BROKEN"
    }

    public struct Line: Sendable {
        public let invariant: Invariant
        public let finding: Finding
        public let verdict: Verdict
    }

    public let lines: [Line]

    public init(lines: [Line]) {
        self.lines = lines
    }

    public var isSound: Bool { !lines.contains { $0.verdict == .broken } }
}

/// For people.
extension CheckReport: CustomStringConvertible {
    /// How many breaches of one invariant are shown; the rest is counted.
    private static let shownBreaches = 10

    public var description: String {
        var table = TextTable("VERDICT", "LOOKED AT", "INVARIANT")
        for line in lines { table.add(line.verdict.rawValue, String(line.finding.count), line.invariant.sentence) }
        return ([table.description] + lines.compactMap(Self.details) + [summary]).joined(separator: "\n\n")
    }

    private static func details(of line: Line) -> String? {
        guard line.verdict != .holds else { return nil }
        var text = "\(line.verdict.rawValue): \(line.invariant.sentence) (\(line.finding.breaches.count))"
        for breach in line.finding.breaches.prefix(shownBreaches) { text += "\n    \(breach)" }
        let rest = line.finding.breaches.count - shownBreaches
        return rest > 0 ? text + "\n    … and \(rest) more" : text
    }

    private var summary: String {
        let broken = lines.count { $0.verdict == .broken }
        let waiting = lines.count { $0.verdict == .waits }
        if broken > 0 { return "\(broken) of \(lines.count) invariants are broken" }
        return waiting > 0
            ? "\(lines.count) invariants, none broken; \(waiting) wait for work that goes on when the hospital runs"
            : "\(lines.count) invariants hold"
    }
}

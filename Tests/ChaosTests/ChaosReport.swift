/// What came of a chaos.
struct ChaosReport: Sendable {
    /// How often each answer was seen: the status and code, `timeout`, or what went wrong with the connection.
    var outcomes: [String: Int] = [:]
    /// Writes that were answered with success.
    var acknowledged = 0
    /// Records that such an answer told of and that are not there, or not as they were left.
    var lost: [String] = []
    /// From each kill to the first answer of the service.
    var backAfter: [Duration] = []
    /// From each kill of the database server to the first write that was acknowledged after it.
    var stoodStill: [Duration] = []

    /// Answers that no client should see, kills or not: only rules and absence may refuse.
    var unexpected: [String: Int] {
        outcomes.filter { outcome, _ in
            outcome != "timeout" && !["2", "409 ", "422 ", "503 ", "504 "].contains { outcome.hasPrefix($0) }
        }
    }
}

extension ChaosReport: CustomStringConvertible {
    private static let shownLosses = 20

    var description: String {
        var lines = outcomes.sorted { $0.value > $1.value }.map { "  \($0.key): \($0.value)" }
        lines.append("acknowledged writes: \(acknowledged), lost: \(lost.count)")
        lines += lost.prefix(Self.shownLosses).map { "  \($0)" }
        lines.append("kills: \(backAfter.count), back after: \(Self.middleAndLongest(backAfter))")
        if !stoodStill.isEmpty {
            lines.append("kills of the database server: \(stoodStill.count), stood still for: \(Self.middleAndLongest(stoodStill))")
        }
        lines.append("unexpected answers: \(unexpected)")
        return lines.joined(separator: "\n")
    }

    private static func middleAndLongest(_ durations: [Duration]) -> String {
        let all = durations.map { Int($0 / .milliseconds(1)) }.sorted()
        return "median \(all.dropFirst(all.count / 2).first ?? 0) ms, longest \(all.last ?? 0) ms"
    }
}

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
        let back = backAfter.map { Int($0 / .milliseconds(1)) }.sorted()
        lines.append(
            "kills: \(back.count), back after: median \(back.dropFirst(back.count / 2).first ?? 0) ms, longest \(back.last ?? 0) ms")
        lines.append("unexpected answers: \(unexpected)")
        return lines.joined(separator: "\n")
    }
}

/// What an import did, for the person who started it.
public struct ImportSummary: Hashable, Sendable {
    public internal(set) var counts: ImportCounts
    private var reasons: [String: Reason] = [:]
    private var duplicates: [PossibleDuplicate] = []
    private var duplicateCount = 0
    private var refusalsForOtherReasons = 0

    /// Rows that were refused for one reason.
    private struct Reason: Hashable {
        var rows: Int
        var firstLine: Int
    }

    private struct PossibleDuplicate: Hashable {
        let line: Int
        let sentence: String
    }

    /// How many reasons are kept apart, and how many of them, and of the possible duplicates, are shown.
    private static let keptReasons = 500
    private static let shown = 20

    init(isDryRun: Bool) {
        counts = ImportCounts(isDryRun: isDryRun)
    }

    mutating func refuse(line: Int, _ kind: String) {
        counts.refused += 1
        if let reason = reasons[kind] {
            reasons[kind] = Reason(rows: reason.rows + 1, firstLine: min(reason.firstLine, line))
        } else if reasons.count < Self.keptReasons {
            reasons[kind] = Reason(rows: 1, firstLine: line)
        } else {
            refusalsForOtherReasons += 1
        }
    }

    /// - Parameter id: of the record that was created; nil where it was not stored.
    mutating func noteDuplicate(line: Int, id: String?, of others: [String]) {
        guard !others.isEmpty else { return }
        duplicateCount += 1
        guard duplicates.count < Self.shown else { return }
        let who = id.flatMap { $0.isEmpty || counts.isDryRun ? nil : "\($0) " } ?? ""
        duplicates.append(PossibleDuplicate(line: line, sentence: "line \(line): \(who)may be \(others.joined(separator: ", "))"))
    }
}

/// As it is printed.
extension ImportSummary: CustomStringConvertible {
    /// Possible duplicates, refusals by their reason, and the counts in the last line.
    public var description: String {
        (duplicateLines + refusalLines + ["\(counts)"]).joined(separator: "\n")
    }

    private var duplicateLines: [String] {
        guard duplicateCount > 0 else { return [] }
        let rest = duplicateCount - duplicates.count
        return ["possible duplicates, to be looked at by a person: \(duplicateCount)"]
            + duplicates.sorted { $0.line < $1.line }.map { "  \($0.sentence)" } + (rest > 0 ? ["  and \(rest) more"] : [])
    }

    private var refusalLines: [String] {
        guard counts.refused > 0 else { return [] }
        let sorted = reasons.sorted { ($1.value.rows, $0.value.firstLine) < ($0.value.rows, $1.value.firstLine) }
        let rest = sorted.dropFirst(Self.shown).reduce(refusalsForOtherReasons) { $0 + $1.value.rows }
        return ["refused, by reason:"]
            + sorted.prefix(Self.shown).map { "  \($0.value.rows) × \($0.key) (as in line \($0.value.firstLine))" }
            + (rest > 0 ? ["  \(rest) × something else: see the file of refused rows"] : [])
    }
}

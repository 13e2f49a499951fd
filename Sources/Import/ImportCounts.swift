/// How far an import has come.
public struct ImportCounts: Hashable, Sendable, CustomStringConvertible {
    public var read = 0
    public var created = 0
    public var updated = 0
    public var alreadyThere = 0
    public var refused = 0
    /// Whether nothing was stored, and the counts say what would have been.
    public let isDryRun: Bool

    public init(isDryRun: Bool = false) {
        self.isDryRun = isDryRun
    }

    public var description: String {
        let would = isDryRun ? "would be " : ""
        return "\(read) read, \(created) \(would)created, \(updated) \(would)updated, \(alreadyThere) already there, "
            + "\(refused) \(would)refused"
    }

    /// What a shell is told: 0 where every row is in, 3 where some were refused, 4 where all were.
    public var exitStatus: Int32 {
        if refused == 0 { return 0 }
        return refused == read ? 4 : 3
    }
}

/// The import ended before the file did.
public struct ImportStopped: Error, CustomStringConvertible {
    /// The first line that was not taken.
    public let line: Int
    public let reason: String
    /// Whether somebody asked for it.
    public let isInterruption: Bool
    public let summary: ImportSummary

    init(line: Int, reason: String, isInterruption: Bool = false, summary: ImportSummary) {
        self.line = line
        self.reason = reason
        self.isInterruption = isInterruption
        self.summary = summary
    }

    public var description: String {
        "stopped at line \(line): \(reason); run the same command again to go on"
    }
}

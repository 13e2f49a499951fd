/// How far an import has come.
public struct ImportCounts: Hashable, Sendable, CustomStringConvertible {
    public var read = 0
    public var created = 0
    public var alreadyThere = 0
    public var refused = 0

    public init() {}

    public var description: String {
        "\(read) read, \(created) created, \(alreadyThere) already there, \(refused) refused"
    }
}

/// The import ended before the file did.
public struct ImportStopped: Error, CustomStringConvertible {
    public let line: Int
    public let reason: String
    public let counts: ImportCounts

    public var description: String {
        "stopped at line \(line): \(reason) (\(counts)); run the same command again to go on"
    }
}

/// How far the start of a process has come.
public enum StartPhase: Hashable, Sendable {
    /// Somebody else still has the database; `holder` is the process where that is known.
    case waitingForDatabase(holder: Int32?)
    /// The schema is brought up to date; `step` counts from 1.
    case migrating(step: Int, of: Int)
    /// Requests are answered.
    case ready
    /// It could not start.
    case failed(reason: String)

    /// Whether the start is over with it.
    var isLast: Bool {
        switch self {
        case .waitingForDatabase, .migrating: false
        case .ready, .failed: true
        }
    }

    /// As it crosses the pipe to the supervisor: one line.
    var line: String {
        switch self {
        case .waitingForDatabase(let holder): "waiting \(holder ?? 0)"
        case .migrating(let step, let count): "migrating \(step) \(count)"
        case .ready: "ready"
        case .failed(let reason): "failed \(reason.split(whereSeparator: \.isNewline).joined(separator: "; "))"
        }
    }

    /// Nil where a line says nothing that is known.
    public init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let numbers = words.dropFirst().first?.split(separator: " ").compactMap { Int($0) } ?? []
        switch words.first {
        case "waiting" where numbers.count == 1:
            self = .waitingForDatabase(holder: Int32(exactly: numbers[0]).flatMap { $0 > 0 ? $0 : nil })
        case "migrating" where numbers.count == 2: self = .migrating(step: numbers[0], of: numbers[1])
        case "ready" where words.count == 1: self = .ready
        case "failed" where words.count == 2: self = .failed(reason: words[1])
        default: return nil
        }
    }
}

extension StartPhase: CustomStringConvertible {
    public var description: String {
        switch self {
        case .waitingForDatabase(let holder?): "waiting for the database, which process \(holder) still has"
        case .waitingForDatabase(nil): "waiting for the database, which another process still has"
        case .migrating(let step, let count): "migrating, step \(step) of \(count)"
        case .ready: "ready"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}

public import Logging
import Synchronization

/// How much is logged, which can change while the process runs: all loggers that share it follow.
public final class LogLevel: Sendable {
    private let place: Atomic<Int>
    private static let levels = Logger.Level.allCases

    public init(_ level: Logger.Level) {
        place = Atomic(LogLevel.place(of: level))
    }

    /// That of the loggers of this process.
    static let ofProcess = LogLevel(.info)

    public var current: Logger.Level { LogLevel.levels[place.load(ordering: .relaxed)] }

    public func set(_ level: Logger.Level) {
        place.store(LogLevel.place(of: level), ordering: .relaxed)
    }

    private static func place(of level: Logger.Level) -> Int { levels.firstIndex(of: level) ?? 0 }
}

public import Logging
public import Vocabulary

/// Tells the hospital's time: the "now" of every rule and record.
///
/// Deadlines, timers and the expiry of tokens do not ask this clock, for those are about the real world.
public struct HospitalClock: Sendable {
    private let reading: @Sendable () -> Instant

    /// A clock that shows what `reading` answers.
    public init(_ reading: @escaping @Sendable () -> Instant) {
        self.reading = reading
    }

    public func now() -> Instant {
        reading()
    }

    /// The machine's clock.
    public static let system = HospitalClock {
        Instant(millisecondsSinceEpoch: SystemTime.millisecondsSinceEpoch())
    }

    /// A clock that shows the instant written in a file, and follows the file when it changes. While the file is
    /// missing or broken it keeps the last good instant and logs that.
    ///
    /// - Throws: ``FileError`` where the file cannot be read, or holds no RFC 3339 instant, now.
    public static func file(_ path: String, logger: Logger) throws -> HospitalClock {
        let file = try ClockFile(path: path, logger: logger)
        return HospitalClock { file.now() }
    }
}

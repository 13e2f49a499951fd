import Logging

/// Log lines of one kind that are written for every call or request. What they share is made once: whether and where they
/// are written, the fields that they have in common, and the text of the time within a millisecond.
///
/// A line's fields go straight into it, without a dictionary of them. They stand before what the logger itself adds.
struct FrequentLine: Sendable {
    /// Whether the logger's level lets such lines through now.
    var isWritten: Bool { (sharedLevel?.current ?? logger.logLevel) <= level }
    private let level: Logger.Level
    /// Where the logger's level stands, if it has none of its own.
    private let sharedLevel: LogLevel?
    private let message: String
    private let logger: Logger
    /// Nil where the logger writes other lines than ours, or adds to each what it only then knows.
    private let plain: PlainLines?

    init(_ level: Logger.Level, _ message: String, of logger: Logger) {
        self.level = level
        self.message = message
        self.logger = logger
        let handler = logger.handler as? JSONLogHandler
        sharedLevel = handler?.followedLevel
        plain = handler.flatMap { $0.plainLines(level, message) }
    }

    /// A handler that writes other lines is given the fields as a part of its message.
    func write(_ fields: (inout JSONLine) -> Void) {
        guard isWritten else { return }
        if let plain { return plain.write(fields) }
        if let handler = logger.handler as? JSONLogHandler { return handler.log(level, message, fields: fields) }
        var line = JSONLine(limit: JSONLine.logLimit)
        fields(&line)
        logger.log(level: level, "\(message) \(String(decoding: line.finished().dropLast(), as: UTF8.self))")
    }
}

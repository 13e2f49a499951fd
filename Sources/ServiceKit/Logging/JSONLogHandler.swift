public import Logging

/// Writes each log entry as one line of JSON: `timestamp`, `level`, `service`, `message`, then the metadata.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let service: String
    private let write: @Sendable ([UInt8]) -> Void

    /// Longest line; within what a pipe takes in one piece, so that lines of several processes do not mix.
    static let lineLimit = 4_096
    private static let messageLimit = 1_024
    private static let valueLimit = 512
    private static let ownNames: Set<String> = ["timestamp", "level", "service", "message", "truncated"]

    /// `write` takes one finished line with its line break.
    public init(service: String, level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.service = service
        logLevel = level
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = JSONLine(limit: Self.lineLimit, level: event.level.rawValue, service: service)
        line.add("message", event.message.description, longest: Self.messageLimit)
        for (name, value) in everything(of: event).sorted(by: { $0.key < $1.key }) {
            Self.add(value, named: Self.ownNames.contains(name) ? "_\(name)" : name, to: &line)
        }
        write(line.finished())
    }

    private func everything(of event: LogEvent) -> Logger.Metadata {
        guard !metadata.isEmpty || metadataProvider != nil else { return event.metadata ?? [:] }
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        return all
    }

    private static func add(_ value: Logger.Metadata.Value, named name: String, to line: inout JSONLine) {
        switch value {
        case .stringConvertible(let number as any BinaryInteger & CustomStringConvertible):
            line.addLiteral(name, number.description)
        case .stringConvertible(let number as Double) where number.isFinite:
            line.addLiteral(name, number.description)
        case .stringConvertible(let flag as Bool):
            line.addLiteral(name, flag.description)
        case .string, .stringConvertible, .array, .dictionary:
            line.add(name, value.description, longest: valueLimit)
        }
    }
}

extension Logger {
    /// The logger of a service: JSON lines on standard error. Whoever logs never waits for their reader.
    public static func hospital(service: String, level: Logger.Level) -> Logger {
        Logger(label: service) { _ in
            JSONLogHandler(service: service, level: level) { LogOutput.standardError.write($0, from: service) }
        }
    }
}

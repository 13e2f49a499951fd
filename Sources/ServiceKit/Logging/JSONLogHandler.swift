public import Logging

/// Writes each log entry as one line of JSON: `timestamp`, `level`, `service`, `message`, then the metadata.
public struct JSONLogHandler: LogHandler {
    /// Its own where one was set, else that which it shares.
    public var logLevel: Logger.Level {
        get { ownLevel ?? sharedLevel.current }
        set { ownLevel = newValue }
    }

    /// The level that it shares with others; nil where it has one of its own.
    var followedLevel: LogLevel? { ownLevel == nil ? sharedLevel : nil }

    private var ownLevel: Logger.Level?
    private let sharedLevel: LogLevel
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let service: String
    private let write: @Sendable ([UInt8]) -> Void

    private static let valueLimit = 512
    private static let ownNames: Set<String> = ["timestamp", "level", "service", "message", "truncated"]

    /// `write` takes one finished line with its line break.
    public init(service: String, level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.init(service: service, level: LogLevel(level), write: write)
    }

    /// - Parameter level: may change while it logs.
    public init(service: String, level: LogLevel, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.service = service
        sharedLevel = level
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = line(event.level, event.message.description)
        add(everything(and: event.metadata), to: &line)
        write(line.finished())
    }

    /// What writes lines to which nothing is added; nil where something is.
    func plainLines(_ level: Logger.Level, _ message: String) -> PlainLines? {
        guard metadata.isEmpty, metadataProvider == nil else { return nil }
        return PlainLines(level: level, service: service, message: message, output: write)
    }

    /// Writes a line of fields that are known beforehand, without a dictionary of them.
    func log(_ level: Logger.Level, _ message: String, fields: (inout JSONLine) -> Void) {
        var line = line(level, message)
        fields(&line)
        if !metadata.isEmpty || metadataProvider != nil { add(everything(and: nil), to: &line) }
        write(line.finished())
    }

    private func line(_ level: Logger.Level, _ message: String) -> JSONLine {
        JSONLine(at: SystemTime.millisecondsSinceEpoch(), level: level.rawValue, service: service, message: message)
    }

    private func everything(and own: Logger.Metadata?) -> Logger.Metadata {
        guard !metadata.isEmpty || metadataProvider != nil else { return own ?? [:] }
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own { all.merge(own) { $1 } }
        return all
    }

    private func add(_ metadata: Logger.Metadata, to line: inout JSONLine) {
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            Self.add(value, named: Self.ownNames.contains(name) ? "_\(name)" : name, to: &line)
        }
    }

    private static func add(_ value: Logger.Metadata.Value, named name: String, to line: inout JSONLine) {
        switch value {
        case .stringConvertible(let number as any BinaryInteger & CustomStringConvertible):
            line.addLiteral(named: name, number.description)
        case .stringConvertible(let number as Double) where number.isFinite:
            line.addLiteral(named: name, number.description)
        case .stringConvertible(let flag as Bool):
            line.addLiteral(named: name, flag.description)
        case .string, .stringConvertible, .array, .dictionary:
            line.add(named: name, value.description, longest: valueLimit)
        }
    }
}

extension Logger {
    /// The logger of a service: JSON lines on standard error. Whoever logs never waits for their reader.
    ///
    /// - Parameter level: that of all such loggers of this process from now on.
    public static func hospital(service: String, level: Logger.Level) -> Logger {
        LogLevel.ofProcess.set(level)
        return Logger(label: service) { _ in
            JSONLogHandler(service: service, level: .ofProcess) { LogOutput.standardError.write($0, from: service) }
        }
    }
}

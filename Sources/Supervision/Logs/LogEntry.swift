public import Logging
import PlainText
public import Vocabulary

/// One line of a log, as people read it.
public struct LogEntry: Sendable {
    public let at: Instant
    public let level: Logger.Level
    /// `payment`, `rest`, `up`.
    public let part: String
    public let message: String
    /// What else the line says, in its order.
    let fields: [JSONMember]

    /// Nil where the line is none of a hospital's log.
    public init?(_ line: some StringProtocol) {
        guard let json = try? JSONValue(parsing: String(line)), case .object(let members) = json,
            let at = json["timestamp"]?.text.flatMap(Instant.init(rfc3339:)),
            let level = json["level"]?.text.flatMap(Logger.Level.init(rawValue:))
        else { return nil }
        (self.at, self.level) = (at, level)
        part = json["service"]?.text ?? ""
        message = json["message"]?.text ?? ""
        fields = members.filter { !["timestamp", "level", "service", "message"].contains($0.name) }
    }

    public var correlationID: String? { fields.first { $0.name == "correlation_id" }?.value.text }

    /// `2026-11-27T23:41:38.120Z WARNING payment      The provider is slow  attempt=2 correlation_id=desk-1`
    public var text: String {
        let said = fields.map { "\($0.name)=\(Self.text(of: $0.value))" }.joined(separator: " ")
        let head =
            "\(at.rfc3339) \(Self.padded(level.rawValue.uppercased(), 8)) \(Self.padded(VisibleText.of(part), 12)) \(VisibleText.of(message))"
        return said.isEmpty ? head : "\(head)  \(VisibleText.of(said))"
    }

    private static func text(of value: JSONValue) -> String {
        guard let text = value.text else { return value.compact }
        return text.isEmpty || text.contains(" ") ? value.compact : text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// Which lines somebody wants to see.
public struct LogChoice: Sendable {
    /// Nothing older.
    public var since: Instant?
    /// Nothing less grave.
    public var level = Logger.Level.trace
    /// Only of this request.
    public var correlationID: String?
    /// Only of these parts; all where empty.
    public var parts: Set<String> = []

    public init() {}

    public func wants(_ entry: LogEntry) -> Bool {
        if let since, entry.at < since { return false }
        if entry.level < level { return false }
        if let correlationID, entry.correlationID != correlationID { return false }
        return parts.isEmpty || parts.contains(entry.part)
    }
}

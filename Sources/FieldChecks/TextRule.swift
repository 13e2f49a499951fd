import ProtobufJSON
import Synchronization

/// What a text must be like.
struct TextRule {
    let minLength: Int
    let maxLength: Int
    let format: TextFormat?
    let pattern: TextPattern?

    /// What is wrong with the text: the first rule that it breaks.
    func breach(by text: String) -> String? {
        if isShorter(text) { return "must have at least \(minLength) \(minLength == 1 ? "character" : "characters")" }
        // No database of texts takes it.
        if text.utf8.contains(0) { return "must not have the character NUL" }
        if isLonger(text) { return "must have at most \(maxLength) \(maxLength == 1 ? "character" : "characters")" }
        if let breach = format?.breach(by: text) { return breach }
        if let pattern, !pattern.matches(text) { return "must match \(pattern.source)" }
        return nil
    }

    /// A scalar takes one to four bytes, so most texts need no counting.
    private func isShorter(_ text: String) -> Bool {
        text.utf8.count < minLength * 4 && text.unicodeScalars.count < minLength
    }

    private func isLonger(_ text: String) -> Bool {
        text.utf8.count > maxLength && text.unicodeScalars.count > maxLength
    }
}

/// Shapes of text that a contract knows by name.
public enum TextFormat: Sendable {
    /// RFC 5321 mailbox, at most 254 characters.
    case email
    /// E.164, or 7 to 15 digits with spaces, dots, hyphens and brackets.
    case phone
    /// A real calendar day, `YYYY-MM-DD`.
    case date
    /// Wall-clock time, `HH:MM`, 00:00 to 24:00.
    case timeOfDay
    /// One line for people: no control characters, nothing that turns the direction of text, and something to be seen.
    case line

    func breach(by text: String) -> String? {
        switch self {
        case .email: Mailbox.isValid(text) ? nil : "must be an email address"
        case .phone: PhoneText.breach(by: text)
        case .date: DateText.isValid(text) ? nil : "must be a date like 2026-01-31"
        case .timeOfDay: TimeOfDayText.isValid(text) ? nil : "must be a time of day like 09:30"
        case .line: LineText.breach(by: text)
        }
    }
}

/// A regular expression that a whole text must match. Built once, where the contract names it.
public final class TextPattern: Sendable {
    public let source: String
    /// Swift's expressions compile themselves on first use, which is no act for two threads at once.
    private let expression: Mutex<Regex<AnyRegexOutput>?>

    /// The generator has tried the expression already; one that still fails to compile matches nothing.
    public init(_ source: String) {
        self.source = source
        expression = Mutex(try? Regex(source))
    }

    func matches(_ text: String) -> Bool {
        expression.withLock { expression in
            guard let expression else { return false }
            return (try? expression.wholeMatch(in: text)) != nil
        }
    }
}

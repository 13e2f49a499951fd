import PlainText
import Vocabulary

/// How the text of one field becomes its value in a request.
struct FieldReader: Sendable {
    enum Form: Sendable {
        case text
        case list(ListText)
        case wholeNumber
        case money(MoneyText)
        case birthDate(DateColumn)
        case instant(DateColumn, LocalClock)
        case choice(of: [String])
    }

    let name: String
    let form: Form

    /// The field's value, nil where the text holds nothing.
    func value(of text: String) throws(ValueProblem) -> JSONValue? {
        if case .list(let list) = form {
            let values = list.values(text)
            return values.isEmpty ? nil : .array(values.map { .string($0) })
        }
        let line = text.inOneLine
        return line.isEmpty ? nil : try value(ofLine: line)
    }

    private func value(ofLine text: String) throws(ValueProblem) -> JSONValue {
        switch form {
        case .text, .list: .string(text)
        case .wholeNumber: try wholeNumber(text)
        case .money(let money): .integer(try money.minorUnits(text))
        case .birthDate(let column): .string(try Self.day(try column.time(text)).description)
        case .instant(let column, let clock): .string(try Self.instant(try column.time(text), clock).rfc3339)
        case .choice(let choices): .string(try choice(text, among: choices))
        }
    }

    private func wholeNumber(_ text: String) throws(ValueProblem) -> JSONValue {
        guard text.utf8.allSatisfy(\.isDigit), let number = Int64(text) else { throw ValueProblem("is no whole number") }
        return .integer(number)
    }

    private func choice(_ text: String, among choices: [String]) throws(ValueProblem) -> String {
        if let choice = ChoiceText.choice(text, among: choices) { return choice }
        throw ValueProblem(
            "“\(text)” is none of \(choices.joined(separator: ", ")): say what it means with --value “\(name):\(text)=…”")
    }

    /// Systems that know no dates write a midnight behind them.
    private static func day(_ time: WrittenTime) throws(ValueProblem) -> LocalDate {
        guard time.millisecondOfDay ?? 0 == 0 else { throw ValueProblem("has a time of day, so that it may be the day before or after") }
        return time.day
    }

    private static func instant(_ time: WrittenTime, _ clock: LocalClock) throws(ValueProblem) -> Instant {
        guard let milliseconds = time.millisecondOfDay else { return clock.start(of: time.day) }
        if let offset = time.offsetMinutes {
            let shown = time.day.daysSinceEpoch * 86_400_000 + Int64(milliseconds)
            return Instant(millisecondsSinceEpoch: shown - Int64(offset) * 60_000)
        }
        guard let instant = clock.instant(time.day, millisecondOfDay: milliseconds) else {
            throw ValueProblem("is a time that clocks in \(clock.name) passed over when they were set forward")
        }
        return instant
    }
}

import PlainText

/// Takes a pattern apart at its letters.
enum DatePatternParser {
    /// The parts in their order, each with how many letters it had.
    static func parts(of text: String) throws(DatePatternError) -> [(part: DatePattern.Part, letters: Int)] {
        var parts: [(part: DatePattern.Part, letters: Int)] = []
        var rest = Array(text.trimmingSpaces)[...]
        while let letter = rest.first {
            if letter == "'" {
                parts.append((.literal(try quoted(&rest, in: text)), 1))
                continue
            }
            let run = rest.prefix { $0 == letter }.count
            rest = rest.dropFirst(run)
            parts.append((try part(letter, run, in: text), run))
        }
        return parts
    }

    private static func part(_ letter: Character, _ run: Int, in text: String) throws(DatePatternError) -> DatePattern.Part {
        switch (letter, run) {
        case ("y", 2), ("u", 2): return .twoDigitYear
        case ("y", 1), ("y", 4), ("u", 1), ("u", 4): return .year
        case ("M", 1...2), ("L", 1...2): return .month
        case ("M", 3...4), ("L", 3...4): return .monthName
        case ("d", 1...2): return .day
        case ("E", 1...4): return .weekday
        case ("H", 1...2): return .hour
        case ("h", 1...2): return .halfDayHour
        case ("m", 1...2): return .minute
        case ("s", 1...2): return .second
        case ("S", _): return .fraction
        case ("a", 1...3): return .halfDay
        case ("X", 1...5), ("x", 1...5), ("Z", 1...5): return .offset
        case (" ", _): return .spaces
        default: return .literal(try literal(letter, run, in: text))
        }
    }

    private static func literal(_ letter: Character, _ run: Int, in text: String) throws(DatePatternError) -> [UInt8] {
        guard !letter.isLetter else { throw DatePatternError(pattern: text, reason: reason(letter, run)) }
        return Array(String(repeating: letter, count: run).utf8)
    }

    private static func reason(_ letter: Character, _ run: Int) -> String {
        switch letter {
        case "Y": "Y is the year of weeks: write y"
        case "D": "D is the day of the year: write d"
        case "T": "a letter that stands for itself is quoted: 'T'"
        case "z", "V", "O": "a zone by its name can't be read: write X for an offset, and --timezone for the zone"
        default: "“\(String(repeating: letter, count: run))” means nothing here: the letters are y M d E H h a m s S X"
        }
    }

    /// `''` is a quote, inside quotes and out of them.
    private static func quoted(_ rest: inout ArraySlice<Character>, in text: String) throws(DatePatternError) -> [UInt8] {
        rest = rest.dropFirst()
        var literal = ""
        if rest.first == "'" {
            rest = rest.dropFirst()
            return [UInt8(ascii: "'")]
        }
        while let character = rest.popFirst() {
            guard character == "'" else {
                literal.append(character)
                continue
            }
            guard rest.first == "'" else { return Array(literal.utf8) }
            literal.append("'")
            rest = rest.dropFirst()
        }
        throw DatePatternError(pattern: text, reason: "a quote is opened and never closed")
    }
}

/// Why a pattern is none.
public struct DatePatternError: Error, Hashable, Sendable, CustomStringConvertible {
    public let pattern: String
    public let reason: String
    public var description: String { "“\(pattern)” is no form of a date: \(reason)" }
}

extension JSONReader {
    /// Reads an RFC 3339 instant with an offset. One without is refused: it would name another instant in every time zone.
    public mutating func readTimestamp() throws -> (seconds: Int64, nanos: Int32) {
        guard peek() == UInt8(ascii: "\""),
            let instant = try withText({ [options] in TimeText.timestamp($0, ignoringCase: options.readsTimesInAnyCase) })
        else {
            throw mistake("must be an RFC 3339 time with an offset, like 2026-01-31T09:30:00Z")
        }
        return instant
    }

    /// Reads a length of time in seconds: `1.5s`.
    public mutating func readDuration() throws -> (seconds: Int64, nanos: Int32) {
        guard peek() == UInt8(ascii: "\""), let duration = try withText({ TimeText.duration($0) }) else {
            throw mistake("must be a number of seconds followed by s, like 1.5s")
        }
        return duration
    }
}

/// Reads the texts in which JSON holds times.
enum TimeText {
    /// `2026-01-31T09:30:00.5+05:30`
    ///
    /// - Parameter ignoringCase: takes `t` and `z` for `T` and `Z`, as RFC 3339, 5.6, lets a reader do.
    static func timestamp(_ text: UnsafeBufferPointer<UInt8>, ignoringCase: Bool) -> (seconds: Int64, nanos: Int32)? {
        var text = TimeScanner(text)
        guard let year = text.number(digits: 4), text.take("-"), let month = text.number(digits: 2), text.take("-"),
            let dayOfMonth = text.number(digits: 2), year > 0, let day = CivilDay(year: year, month: month, day: dayOfMonth),
            text.take("T") || ignoringCase && text.take("t"),
            let hour = text.number(digits: 2), hour < 24, text.take(":"), let minute = text.number(digits: 2), minute < 60, text.take(":"),
            let second = text.number(digits: 2), second < 60, let nanos = text.fraction(),
            let offset = text.offset(ignoringCase: ignoringCase), text.isAtEnd
        else { return nil }
        let seconds = Int64(day.daysSinceEpoch) * CivilTime.secondsPerDay + Int64(hour * 3600 + minute * 60 + second - offset)
        return CivilTime.timestampRange.contains(seconds) ? (seconds, nanos) : nil
    }

    /// `-1.5s`
    static func duration(_ text: UnsafeBufferPointer<UInt8>) -> (seconds: Int64, nanos: Int32)? {
        var text = TimeScanner(text)
        let isNegative = text.take("-")
        guard let seconds = text.number(upTo: 12), let nanos = text.fraction(), text.take("s"), text.isAtEnd,
            CivilTime.durationRange.contains(Int64(seconds))
        else { return nil }
        return isNegative ? (-Int64(seconds), -nanos) : (Int64(seconds), nanos)
    }
}

private struct TimeScanner {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>

    init(_ text: UnsafeBufferPointer<UInt8>) {
        rest = text[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? {
        let before = rest.count
        guard let number = number(upTo: digits), before - rest.count == digits else { return nil }
        return number
    }

    /// A number of 1 to `most` digits.
    mutating func number(upTo most: Int) -> Int? {
        var number = 0
        var count = 0
        while count < most, let digit = rest.first, digit.isDigit {
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
            rest.removeFirst()
            count += 1
        }
        return count > 0 ? number : nil
    }

    /// Up to nine decimals, as nanoseconds; 0 where there is no point.
    mutating func fraction() -> Int32? {
        guard take(".") else { return 0 }
        let before = rest.count
        guard var nanos = number(upTo: 9) else { return nil }
        for _ in (before - rest.count)..<9 { nanos *= 10 }
        return Int32(nanos)
    }

    /// `Z`, `+05:30` or `-08:00`, in seconds east of UTC.
    mutating func offset(ignoringCase: Bool) -> Int? {
        if take("Z") || ignoringCase && take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(digits: 2), hours < 24, take(":"), let minutes = number(digits: 2), minutes < 60
        else {
            return nil
        }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

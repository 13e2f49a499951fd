extension Instant: LosslessStringConvertible {
    /// Reads RFC 3339 with an offset: `2026-03-01T09:30:00+05:30`, `2026-03-01T04:00:00.250Z`.
    ///
    /// Nil for any other shape, for a time without an offset, and for a day or a time that does not exist.
    /// A leap second (`:60`) is read as the second after it.
    public init?(_ text: String) {
        self.init(rfc3339: text)
    }

    public init?(rfc3339 text: String) {
        var reader = DigitReader(text)
        guard let date = reader.date(), reader.skip("T") || reader.skip(" "), let time = reader.millisecondsOfDay(),
            let offset = reader.offsetMilliseconds(), reader.isAtEnd
        else { return nil }
        self.init(millisecondsSinceEpoch: date.daysSinceEpoch * millisecondsPerDay + time - offset)
    }

    /// RFC 3339 in UTC; milliseconds only where there are some.
    public var rfc3339: String {
        let (days, milliseconds) = millisecondsSinceEpoch.dividedTowardsPast(by: millisecondsPerDay)
        let (seconds, fraction) = Int(milliseconds).quotientAndRemainder(dividingBy: 1_000)
        let hour = (seconds / 3_600).padded(to: 2)
        let minute = (seconds / 60 % 60).padded(to: 2)
        let second = (seconds % 60).padded(to: 2)
        let decimals = fraction == 0 ? "" : "." + fraction.padded(to: 3)
        return "\(LocalDate(daysSinceEpoch: days))T\(hour):\(minute):\(second)\(decimals)Z"
    }

    public var description: String { rfc3339 }
}

private let millisecondsPerDay: Int64 = 86_400_000

extension DigitReader {
    fileprivate mutating func date() -> LocalDate? {
        guard let year = number(of: 4), skip("-"), let month = number(of: 2), skip("-"), let day = number(of: 2) else { return nil }
        return LocalDate(year: year, month: month, day: day)
    }

    fileprivate mutating func millisecondsOfDay() -> Int64? {
        guard let hour = number(of: 2), skip(":"), let minute = number(of: 2), skip(":"), let second = number(of: 2) else { return nil }
        guard hour <= 23, minute <= 59, second <= 60 else { return nil }
        let whole = Int64(((hour * 60 + minute) * 60 + second) * 1_000)
        guard skip(".") else { return whole }
        return milliseconds().map { whole + Int64($0) }
    }

    fileprivate mutating func offsetMilliseconds() -> Int64? {
        if skip("Z") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(of: 2), skip(":"), let minutes = number(of: 2), hours <= 23, minutes <= 59 else {
            return nil
        }
        let offset = Int64((hours * 60 + minutes) * 60_000)
        return isWest ? -offset : offset
    }
}

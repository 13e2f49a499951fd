extension JSONWriter {
    /// Writes an instant as RFC 3339 in UTC, with as many threes of decimals as it needs: `2026-01-31T09:30:00Z`.
    public mutating func appendTimestamp(seconds: Int64, nanos: Int32) {
        guard CivilTime.timestampRange.contains(seconds), 0..<1_000_000_000 ~= nanos else { return fail(.timestampOutOfRange) }
        let day = CivilDay(daysSinceEpoch: Int(seconds.flooredQuotient(CivilTime.secondsPerDay)))
        let secondOfDay = UInt64(seconds.flooredRemainder(CivilTime.secondsPerDay))
        append(atMost: 20) { place in
            place.copy("\"0000-00-00T00:00:00")
            (place + 1).write(UInt64(day.year), digits: 4)
            (place + 6).write(UInt64(day.month), digits: 2)
            (place + 9).write(UInt64(day.day), digits: 2)
            (place + 12).write(secondOfDay / 3600, digits: 2)
            (place + 15).write(secondOfDay / 60 % 60, digits: 2)
            (place + 18).write(secondOfDay % 60, digits: 2)
            return 20
        }
        appendFraction(nanos: UInt64(nanos))
        append("Z\"")
    }

    /// Writes a length of time in seconds: `1.500s`.
    public mutating func appendDuration(seconds: Int64, nanos: Int32) {
        let agree = seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0)
        guard agree, CivilTime.durationRange.contains(seconds), nanos.magnitude < 1_000_000_000 else { return fail(.durationOutOfRange) }
        append(UInt8(ascii: "\""))
        if seconds < 0 || nanos < 0 { append(UInt8(ascii: "-")) }
        appendDigits(seconds.magnitude)
        appendFraction(nanos: UInt64(nanos.magnitude))
        append("s\"")
    }

    /// Nothing, or 3, 6 or 9 decimals.
    private mutating func appendFraction(nanos: UInt64) {
        guard nanos != 0 else { return }
        if nanos % 1_000_000 == 0 {
            appendDecimals(nanos / 1_000_000, digits: 3)
        } else if nanos % 1000 == 0 {
            appendDecimals(nanos / 1000, digits: 6)
        } else {
            appendDecimals(nanos, digits: 9)
        }
    }

    private mutating func appendDecimals(_ value: UInt64, digits: Int) {
        append(UInt8(ascii: "."))
        append(atMost: digits) { place in
            place.write(value, digits: digits)
            return digits
        }
    }
}

extension UnsafeMutablePointer<UInt8> {
    fileprivate func copy(_ literal: StaticString) {
        update(from: literal.utf8Start, count: literal.utf8CodeUnitCount)
    }
}

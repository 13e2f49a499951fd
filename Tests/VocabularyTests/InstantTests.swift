import Testing
import Vocabulary

struct InstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2026-03-01T09:30:00+05:30", 1_772_337_600_000),
            ("2026-03-01T09:45:00.25+05:45", 1_772_337_600_250),
            ("2026-02-28t20:00:00-08:00", 1_772_337_600_000),
            ("2000-02-29T12:00:00.123456789Z", 951_825_600_123),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func `an instant with an offset is read to the millisecond`(text: String, milliseconds: Int64) throws {
        #expect(try #require(Instant(rfc3339: text)).millisecondsSinceEpoch == milliseconds)
    }

    @Test(arguments: [
        "", "2026-03-01", "2026-03-01T09:30:00", "2026-03-01T09:30Z", "2026-02-29T09:30:00Z", "2026-13-01T09:30:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T09:60:00Z", "2026-03-01T09:30:61Z", "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00+5:30", "2026-03-01T09:30:00+0530",
        "2026-03-01T09:30:00Z ", " 2026-03-01T09:30:00Z", "2026-03-01T09:30:00+24:00", "+026-03-01T09:30:00Z", "२०२६-03-01T09:30:00Z",
    ])
    func `anything else is no instant`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(
        arguments: [(0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"), (1_772_337_600_050, "2026-03-01T04:00:00.050Z")]
            as [(Int64, String)])
    func `an instant is written in UTC`(milliseconds: Int64, text: String) {
        #expect(Instant(millisecondsSinceEpoch: milliseconds).rfc3339 == text)
    }

    @Test func `what is written is read again as the same instant`() {
        for milliseconds in stride(from: Int64(-62_135_596_800_000), through: 253_402_300_799_999, by: 999_983_123_457) {
            let instant = Instant(millisecondsSinceEpoch: milliseconds)
            #expect(Instant(rfc3339: instant.rfc3339) == instant)
        }
    }

    @Test func `a Unix time splits into seconds and a fraction that is never negative`() throws {
        let instant = Instant(millisecondsSinceEpoch: -1)
        #expect(instant.secondsSinceEpoch == -1)
        #expect(instant.nanosecondsOfSecond == 999_000_000)
        #expect(Instant(secondsSinceEpoch: -1, nanoseconds: 999_000_000) == instant)
    }

    @Test func `a Unix time outside the calendar is no instant`() {
        #expect(Instant(secondsSinceEpoch: .max) == nil)
        #expect(Instant(secondsSinceEpoch: -62_135_596_801) == nil)
        #expect(Instant(secondsSinceEpoch: 253_402_300_800) == nil)
        #expect(Instant(secondsSinceEpoch: 0, nanoseconds: -1) == nil)
        #expect(Instant(secondsSinceEpoch: 0, nanoseconds: 1_000_000_000) == nil)
    }

    @Test func `durations move an instant to the millisecond`() {
        let noon = Instant(millisecondsSinceEpoch: 43_200_000)
        #expect((noon + .milliseconds(1)).millisecondsSinceEpoch == 43_200_001)
        #expect((noon - .days(1)).millisecondsSinceEpoch == -43_200_000)
        #expect(noon + .hours(2) - noon == .seconds(7_200))
        #expect(noon < noon + .milliseconds(1))
    }
}

extension Duration {
    fileprivate static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
}

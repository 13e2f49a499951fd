import Testing
import Vocabulary

@testable import Import

@Suite struct DatePatternTests {
    private static let years = TwoDigitYears(today: LocalDate(daysSinceEpoch: 20_000), ofBirths: true)  // 2024-10-04

    @Test(arguments: [
        ("dd/MM/yyyy", "13/02/2020", "2020-02-13"), ("dd/MM/yyyy", "3/2/2020", "2020-02-03"), ("d/M/yyyy", "03/02/2020", "2020-02-03"),
        ("MM/dd/yyyy", "02/13/2020", "2020-02-13"), ("M/d/yy", "2/13/20", "2020-02-13"), ("M/d/yy", "2/13/25", "1925-02-13"),
        ("yyyyMMdd", "20200213", "2020-02-13"), ("ddMMyy", "130220", "2020-02-13"), ("yyyy.MM.dd", "2020.2.3", "2020-02-03"),
        ("d MMM yyyy", "3 Feb 2020", "2020-02-03"), ("d MMMM yyyy", "3 february 2020", "2020-02-03"),
        ("dd-MMM-yy", "13-FEB-20", "2020-02-13"), ("MMM d, yyyy", "Sept 3, 2020", "2020-09-03"), ("d. MMMM y", "3. May 2020", "2020-05-03"),
        ("EEEE, d MMM yyyy", "Thursday, 13 Feb 2020", "2020-02-13"), ("EEE d/M/yyyy", "Thu 13/2/2020", "2020-02-13"),
        ("yyyy-MM-dd'T'HH:mm", "2020-02-13T09:05", "2020-02-13 09:05:00.000"),
        ("dd/MM/yyyy HH:mm", "13/02/2020 9:05", "2020-02-13 09:05:00.000"),
        ("dd/MM/yyyy HH:mm", "13/02/2020  23:59", "2020-02-13 23:59:00.000"),
        ("dd/MM/yyyy HH:mm:ss.SSS", "13/02/2020 09:05:06.78", "2020-02-13 09:05:06.780"),
        ("dd/MM/yyyy hh:mm a", "13/02/2020 12:00 AM", "2020-02-13 00:00:00.000"),
        ("dd/MM/yyyy hh:mm a", "13/02/2020 12:00 pm", "2020-02-13 12:00:00.000"),
        ("dd/MM/yyyy h:mm a", "13/02/2020 1:30 p.m.", "2020-02-13 13:30:00.000"),
        ("d/M/yyyy h:mma", "3/2/2020 1:30PM", "2020-02-03 13:30:00.000"),
        ("d/M/yyyy h:mm a", "3/2/2020 1:30\u{202F}PM", "2020-02-03 13:30:00.000"),
        ("yyyyMMddHHmmss", "20200213090506", "2020-02-13 09:05:06.000"),
        ("yyyy-MM-dd HH:mm X", "2020-02-13 09:05 +05:30", "2020-02-13 09:05:00.000 +330"),
        ("yyyy-MM-dd HH:mmXXX", "2020-02-13 09:05Z", "2020-02-13 09:05:00.000 +0"),
        ("yyyy-MM-dd HH:mm:ssZ", "2020-02-13 09:05:06-0330", "2020-02-13 09:05:06.000 -210"),
        ("'on' d/M/yyyy", "On 13/2/2020", "2020-02-13"), ("d 'o''clock' M yyyy", "3 o'clock 2 2020", "2020-02-03"),
        ("d''M''yyyy", "3'2'2020", "2020-02-03"),
        ("dd/MM/yyyy", "29/02/2020", "2020-02-29"),
    ])
    func `a date is read by its pattern`(pattern: String, text: String, expected: String) throws {
        #expect(try DatePattern(pattern).read(text, years: Self.years).map(Self.shown) == expected)
    }

    @Test(arguments: [
        ("dd/MM/yyyy", "31/02/2020"), ("dd/MM/yyyy", "29/02/2021"), ("dd/MM/yyyy", "02/13/2020"), ("dd/MM/yyyy", "0/1/2020"),
        ("dd/MM/yyyy", "13/02/20"), ("dd/MM/yyyy", "13-02-2020"), ("dd/MM/yyyy", "13/02/2020 10:00"), ("dd/MM/yyyy", "13/02/20200"),
        ("dd/MM/yyyy", "013/02/2020"), ("dd/MM/yyyy", ""), ("dd/MM/yyyy", "13/Feb/2020"), ("M/d/yy", "2/13/2020"),
        ("yyyyMMdd", "2020213"), ("yyyyMMdd", "2020123"), ("yyyyMMdd", "202002130"), ("d MMM yyyy", "3 Fe 2020"),
        ("d MMM yyyy", "3 Februari 2020"),
        ("EEE d/M/yyyy", "Fri 13/2/2020"), ("d/M/yyyy HH:mm", "13/2/2020 24:00"), ("d/M/yyyy HH:mm", "13/2/2020 10:60"),
        ("d/M/yyyy hh:mm a", "13/2/2020 13:00 PM"), ("d/M/yyyy hh:mm a", "13/2/2020 0:30 AM"), ("d/M/yyyy hh:mm a", "13/2/2020 10:30"),
        ("d/M/yyyy HH:mm X", "13/2/2020 10:30"), ("dd/MM/yyyy", "１３/02/2020"),
    ])
    func `a date of another form, or one that does not exist, is none`(pattern: String, text: String) throws {
        #expect(try DatePattern(pattern).read(text, years: Self.years) == nil)
    }

    @Test(arguments: [
        ("", "has no year (y)"), ("dd/mm/yyyy", "has no month (M)"), ("MM/yyyy", "has no day (d)"),
        ("dd/MM/YYYY", "Y is the year of weeks: write y"),
        ("DD/MM/yyyy", "D is the day of the year: write d"), ("yyyy-MM-ddTHH:mm", "a letter that stands for itself is quoted: 'T'"),
        ("dd/MM/yyyy hh:mm", "has only one of h and a: write H for 0 to 23, or h and a for 1 to 12 with AM or PM"),
        ("dd/MM/yyyy HH:mm a", "has only one of h and a: write H for 0 to 23, or h and a for 1 to 12 with AM or PM"),
        ("dd/MM/yyyy mm", "has minutes without an hour: M is the month, m the minute"),
        ("dd/MM/yyyy/dd", "has two of the day (d)"), ("dd/MM/yyyy 'at", "a quote is opened and never closed"),
        ("dd/MM/yyy", "“yyy” means nothing here: the letters are y M d E H h a m s S X"),
        ("dd/MM/yyyy HH:mm z", "a zone by its name can't be read: write X for an offset, and --timezone for the zone"),
    ])
    func `a pattern that can't be is refused in words`(pattern: String, reason: String) {
        #expect(throws: DatePatternError(pattern: pattern, reason: reason)) { try DatePattern(pattern) }
    }

    /// Births are never to come; other dates may be, for nineteen years.
    @Test(arguments: [
        (24, 2024, 2024), (25, 1925, 2025), (43, 1943, 2043), (44, 1944, 1944), (0, 2000, 2000), (99, 1999, 1999),
    ])
    func `two digits mean the last such year that can be`(digits: Int, birth: Int, other: Int) {
        #expect(Self.years.year(digits) == birth)
        #expect(TwoDigitYears(today: LocalDate(daysSinceEpoch: 20_000), ofBirths: false).year(digits) == other)
    }

    static func shown(_ time: WrittenTime) -> String {
        guard let milliseconds = time.millisecondOfDay else { return "\(time.day)" }
        let digits = { (value: Int, width: Int) in String(repeating: "0", count: max(0, width - "\(value)".count)) + "\(value)" }
        let clock =
            "\(digits(milliseconds / 3_600_000, 2)):\(digits(milliseconds / 60_000 % 60, 2)):\(digits(milliseconds / 1_000 % 60, 2))"
        let offset = time.offsetMinutes.map { $0 < 0 ? " \($0)" : " +\($0)" } ?? ""
        return "\(time.day) \(clock).\(digits(milliseconds % 1_000, 3))\(offset)"
    }
}

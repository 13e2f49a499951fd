import SeededRandom
import Testing
import Vocabulary

@testable import Import

@Suite struct CommonDateTests {
    private static let years = TwoDigitYears(today: LocalDate(daysSinceEpoch: 20_000), ofBirths: false)  // 2024-10-04

    /// Every reading as its order and what it says: `dayFirst 2020-02-13`, or `- …` where there is only one.
    @Test(
        arguments: [
            // ISO 8601 and RFC 3339, whatever the order of the others.
            ("2020-02-13", ["- 2020-02-13"]), (" 2020-02-13 ", ["- 2020-02-13"]), ("2020-2-3", ["- 2020-02-03"]),
            ("2020/02/13", ["- 2020-02-13"]), ("2020.02.13", ["- 2020-02-13"]),
            ("2020-02-13T09:05", ["- 2020-02-13 09:05:00.000"]), ("2020-02-13t09:05:06z", ["- 2020-02-13 09:05:06.000 +0"]),
            ("2020-02-13 09:05:06.789+05:30", ["- 2020-02-13 09:05:06.789 +330"]),
            ("2020-02-13T09:05:06.1234567-0330", ["- 2020-02-13 09:05:06.123 -210"]),
            ("2020-02-13T09:05+05", ["- 2020-02-13 09:05:00.000 +300"]),
            ("2020-02-13 09:05:06 UTC", ["- 2020-02-13 09:05:06.000 +0"]), ("2020-02-13 09:05:06,5", ["- 2020-02-13 09:05:06.500"]),
            // Three numbers.
            ("13/02/2020", ["dayFirst 2020-02-13"]), ("02/13/2020", ["monthFirst 2020-02-13"]),
            ("05/06/2020", ["dayFirst 2020-06-05", "monthFirst 2020-05-06"]),
            ("5-6-2020", ["dayFirst 2020-06-05", "monthFirst 2020-05-06"]),
            ("5.6.2020 9:05", ["dayFirst 2020-06-05 09:05:00.000", "monthFirst 2020-05-06 09:05:00.000"]),
            ("13/02/2020, 9:05 PM", ["dayFirst 2020-02-13 21:05:00.000"]),
            ("2/13/2020 12:00:00 AM", ["monthFirst 2020-02-13 00:00:00.000"]),
            ("2/13/2020 9 am", ["monthFirst 2020-02-13 09:00:00.000"]), ("Thu 13/02/2020", ["dayFirst 2020-02-13"]),
            ("13/02/20", ["dayFirst 2020-02-13", "yearFirst 2013-02-20"]), ("02/13/99", ["monthFirst 1999-02-13"]),
            ("01/02/03", ["dayFirst 2003-02-01", "monthFirst 2003-01-02", "yearFirst 2001-02-03"]),
            // Eight digits.
            ("20200213", ["- 2020-02-13"]), ("13022020", ["dayFirst 2020-02-13"]), ("02132020", ["monthFirst 2020-02-13"]),
            ("05062020", ["dayFirst 2020-06-05", "monthFirst 2020-05-06"]), ("20200213 09:05", ["- 2020-02-13 09:05:00.000"]),
            // Months by their name.
            ("13 Feb 2020", ["- 2020-02-13"]), ("13-FEB-2020", ["- 2020-02-13"]), ("13-Feb-20 09:05", ["- 2020-02-13 09:05:00.000"]),
            ("13th February, 2020", ["- 2020-02-13"]), ("13Feb2020", ["- 2020-02-13"]), ("3. May 2020", ["- 2020-05-03"]),
            ("Feb 13, 2020", ["- 2020-02-13"]), ("February 13 2020 9:05 PM", ["- 2020-02-13 21:05:00.000"]),
            ("Sept. 3rd, 2020", ["- 2020-09-03"]),
            ("Thursday, 13 Feb 2020", ["- 2020-02-13"]),
            // None at all.
            ("", []), ("unknown", []), ("13/13/2020", []), ("31/02/2020", []), ("2020-02-30", []), ("2020-13-01", []), ("13/02-2020", []),
            ("1/2", []), ("2020", []), ("44197", []), ("13/02/2020 25:00", []), ("13/02/2020 10:60", []), ("13/02/2020 13:00 PM", []),
            ("13/02/2020 10:00 +5", []), ("13/02/2020 x", []), ("99999999", []), ("13/02/020", []), ("2020-02-13T10:00:00Zulu", []),
        ] as [(String, [String])])
    func `a date is read in every way that it can be`(text: String, readings: [String]) {
        let found = CommonDate.readings(of: text, years: Self.years)
        #expect(found.map { "\($0.order?.rawValue ?? "-") \(DatePatternTests.shown($0.time))" } == readings)
    }

    @Test(
        arguments: [
            (["13/02/2020", "05/06/2020"], .order(.dayFirst)), (["05/06/2020", "02/13/2020"], .order(.monthFirst)),
            (["2020-02-13", "2020-05-06"], .order(nil)), (["13 Feb 2020", "05/05/2020"], .order(.dayFirst)), ([], .order(nil)),
            (["unknown", "31/02/2020", "13/02/2020"], .order(.dayFirst)), (["2020-01-02", "13/02/2020"], .order(.dayFirst)),
            (["13.02.2020", "5/6/2020"], .order(.dayFirst)), (["13/02/99", "05/06/01"], .order(.dayFirst)),
            (["05/06/2020", "01/02/2020"], .open(["dd/MM/yyyy", "MM/dd/yyyy"])), (["05-06-2020"], .open(["dd-MM-yyyy", "MM-dd-yyyy"])),
            (["13/02/20"], .open(["dd/MM/yy", "yy/MM/dd"])), (["2020-02-13", "05/06/2020"], .open(["dd/MM/yyyy", "MM/dd/yyyy"])),
            (["13/02/2020", "05/06/2020", "02/13/2020"], .mixed(1, 3)),
        ] as [([String], DateEvidence.Verdict)])
    func `the order is that of the whole column, or nobody's guess`(column: [String], verdict: DateEvidence.Verdict) {
        #expect(Self.evidence(column).verdict == verdict)
    }

    /// A column of dates in one order is never read in another: its order is found, or it is open.
    @Test(arguments: 0..<50)
    func `no column is guessed wrong`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let order: DateOrder = Bool.random(using: &random) ? .dayFirst : .monthFirst
        let separator = ["/", "-", "."].randomElement(using: &random) ?? "/"
        let days = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            LocalDate(daysSinceEpoch: Int64.random(in: -25_000...20_000, using: &random))
        }
        let texts = days.map { day in
            (order == .dayFirst ? [day.day, day.month, day.year] : [day.month, day.day, day.year]).map(String.init).joined(
                separator: separator)
        }
        let pattern = try DatePattern((order == .dayFirst ? ["d", "M", "yyyy"] : ["M", "d", "yyyy"]).joined(separator: separator))
        #expect(texts.compactMap { pattern.read($0, years: Self.years)?.day } == days)
        switch Self.evidence(texts).verdict {
        case .order(let found):
            let column = DateColumn(patterns: [], order: found, years: Self.years, takesTwoDigitYears: false)
            #expect(try texts.map { try column.time($0).day } == days)
        case .open(let patterns): #expect(patterns.count == 2 && days.allSatisfy { $0.day <= 12 })
        case .mixed: Issue.record("one order was taken for two: \(texts)")
        }
    }

    private static func evidence(_ column: [String]) -> DateEvidence {
        var evidence = DateEvidence()
        for (index, text) in column.enumerated() { evidence.add(CommonDate.readings(of: text, years: years), line: index + 1) }
        return evidence
    }
}

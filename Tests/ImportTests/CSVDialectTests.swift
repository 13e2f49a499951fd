import SeededRandom
import Testing

@testable import Import

@Suite struct CSVDialectTests {
    @Test(
        arguments: [
            ("name,dob\nAda,2000-01-01\n", .comma),
            ("name;dob\nAda;2000-01-01\n", .semicolon),
            ("name\tdob\nAda\t2000-01-01\n", .tab),
            ("name|dob\nAda|2000-01-01\n", .pipe),
            ("name\nAda\n", .comma),
            ("", .comma),
            ("name;dob", .semicolon),
            // What stands inside a cell, or in quotes, separates nothing.
            ("name;city;dob\nAda;Boston, MA;2000-01-01\nBob;Salem, MA;2000-01-02\n", .semicolon),
            ("name,allergies\nAda,nuts;latex\nBob,eggs;milk;dust\n", .comma),
            ("\"name;short\",\"of;birth\",dob\nA,B,C\n", .comma),
            ("\"last, first\";dob\n\"Shah, Priya\";2000-01-01\n", .semicolon),
            // The header alone would have it be commas; its rows say otherwise.
            ("a,b;c,d;e\n1;2;3\n4;5;6\n", .semicolon),
            // More columns, where the rows fit both.
            ("a,b;c;d\n1,2;3;4\n", .semicolon),
            ("a;b;c\r\n1;2;3\r\n", .semicolon),
        ] as [(String, CSVDialect.Delimiter)])
    func `the delimiter is guessed from the header and the first rows`(text: String, delimiter: CSVDialect.Delimiter) throws {
        #expect(try CSVDialect(guessedFrom: Array(text.utf8), delimiter: nil).delimiter == delimiter)
    }

    @Test func `where two fit alike it is asked for`() throws {
        let unclear = Array("last, first;dob\nShah, Priya;2000-01-01\n".utf8)
        let refusal = #expect(throws: UnclearDelimiter.self) { try CSVDialect(guessedFrom: unclear, delimiter: nil) }
        #expect(refusal?.description == "the file could be separated by “,” or by “;”: say which with --delimiter")
        #expect(try CSVDialect(guessedFrom: unclear, delimiter: .semicolon).delimiter == .semicolon)
    }

    @Test(arguments: [
        ("a,b\n1,2\n", false), ("a,b\r\n1,2\r\n", false), ("a,b\r1,2\r", true), ("\"a\rb\",c\n1,2\n", false), ("\"a\nb\",c\r1,2\r", true),
        ("a,b", false), ("a,b\r", false),
    ])
    func `the first line says how lines end`(text: String, endsWithReturn: Bool) throws {
        let dialect = try CSVDialect(guessedFrom: Array(text.utf8), delimiter: nil)
        #expect(dialect == CSVDialect(endsLinesWithReturn: endsWithReturn))
    }

    @Test(
        arguments: [
            (",", .comma), (";", .semicolon), ("\t", .tab), ("tab", .tab), ("TAB", .tab), ("\\t", .tab), ("|", .pipe), (":", nil),
            ("", nil), (",,", nil),
        ] as [(String, CSVDialect.Delimiter?)])
    func `a delimiter is asked for by itself or by its name`(name: String, delimiter: CSVDialect.Delimiter?) {
        #expect(CSVDialect.Delimiter(named: name) == delimiter)
    }

    @Test(arguments: 0..<40)
    func `what is written with a delimiter is read with it`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let delimiter = try #require(CSVDialect.Delimiter.allCases.randomElement(using: &random))
        let width = Int.random(in: 2...6, using: &random)
        let rows = (0..<20).map { _ in
            (0..<width).map { _ in String((0..<8).map { _ in Character(["a", "b", " ", "7", "é"].randomElement(using: &random) ?? "a") }) }
        }
        let text = ([(0..<width).map { "c\($0)" }] + rows).map { $0.joined(separator: delimiter.rawValue) }.joined(separator: "\n")
        #expect(try CSVDialect(guessedFrom: Array(text.utf8), delimiter: nil).delimiter == delimiter)
    }
}

import Import
import Testing

@Suite struct CSVReaderTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["1", "2"]]),
        ("a,b\n1,2", [["1", "2"]]),
        ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
        ("a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", [["1,5", "say \"hi\""]]),
        ("a,b\n\"two\nlines\",2\n3,4\n", [["two\nlines", "2"], ["3", "4"]]),
        ("a,b\n\"two\r\nlines\",2\n", [["two\r\nlines", "2"]]),
        ("a,b\n\n1,2\n\r\n\n3,4\n\n", [["1", "2"], ["3", "4"]]),
        ("a,b\n,\n\"\",\n", [["", ""], ["", ""]]),
        ("a\n1\n\"\"\n", [["1"], [""]]),
        ("a,b\nÅsa,日本\n", [["Åsa", "日本"]]),
        ("a,b\nlone\rreturn,2\n", [["lone\rreturn", "2"]]),
    ])
    func `reads what RFC 4180 allows`(text: String, expected: [[String]]) throws {
        let rows = try Self.rows(of: text)
        #expect(rows.map(\.fields) == expected)
        #expect(rows.allSatisfy { $0.problem == nil })
    }

    @Test func `an empty file has no header`() throws {
        var reader = try Self.reader("")
        #expect(try reader.readHeader() == nil)
    }

    @Test(arguments: [
        ("a,b\n1,2,3\n4,5\n", CSVProblem.columnCount(expected: 2, found: 3), ["1", "2", "3"]),
        ("a,b\n1\n4,5\n", .columnCount(expected: 2, found: 1), ["1"]),
        ("a,b\n1,x\"y\n4,5\n", .strayQuote, ["1", "x\"y"]),
        ("a,b\n\"1\"x,2\n4,5\n", .textAfterQuote, ["\"1\"x", "2"]),
        ("a,b\n\"1,2\n4,5\n", .unclosedQuote, ["\"1", "2"]),
        ("a,b\n1,\"2\n4,5\n", .unclosedQuote, ["1", "\"2"]),
        ("a,b\n1,\"\n4,5\n", .unclosedQuote, ["1", "\""]),
    ])
    func `a broken row is told and the next one is read`(text: String, problem: CSVProblem, fields: [String]) throws {
        let rows = try Self.rows(of: text)
        #expect(rows.map(\.parsed) == [CSVRow(line: 2, fields: fields, problem: problem), CSVRow(line: 3, fields: ["4", "5"])])
    }

    @Test func `an unclosed quote costs one line even when a later quote seems to close it`() throws {
        let rows = try Self.rows(of: "a,b\n\"1,2\n3,4\n5,\"6\"\n\"7\",8\n")
        #expect(rows.map(\.line) == [2, 3, 4, 5])
        #expect(rows.map(\.problem) == [.unclosedQuote, nil, nil, nil])
    }

    @Test func `two unclosed quotes that close each other cost two lines`() throws {
        let rows = try Self.rows(of: "a,b\n\"1,2\n3,4\n5,\"\n7,8\n")
        #expect(rows.map(\.problem) == [.unclosedQuote, nil, .unclosedQuote, nil])
    }

    @Test func `rows that an open quote has swallowed, and that would pass for one cell, are read again`() throws {
        let rows = try Self.rows(of: "a,b\n\"1,2\n3,4\n5\",6\n7,8\n")
        #expect(rows.map(\.line) == [2, 3, 4, 5])
        #expect(rows.map(\.problem) == [.unclosedQuote, nil, .strayQuote, nil])
        #expect(rows[1].fields == ["3", "4"] && rows[3].fields == ["7", "8"])
    }

    @Test(arguments: [
        ("a,b,c\n1,\"12 Street,\nTown\",3\n4,5,6\n", ["1", "12 Street,\nTown", "3"]),
        ("a,b\n\"one\ntwo\nthree\",2\n4,5\n", ["one\ntwo\nthree", "2"]),
        ("a,b\n1,\"one, two\nthree, four\"\n4,5\n", ["1", "one, two\nthree, four"]),
        ("a\n\"one\ntwo\"\n4\n", ["one\ntwo"]),
    ])
    func `a cell of several lines comes in whole`(text: String, fields: [String]) throws {
        let rows = try Self.rows(of: text)
        #expect(rows.count == 2 && rows[0].problem == nil && rows[0].fields == fields)
    }

    @Test(arguments: CSVDialect.Delimiter.allCases)
    func `every delimiter separates, and the others are text`(delimiter: CSVDialect.Delimiter) throws {
        let values = ["1,2;3|4\t5", "x"].map { $0.filter { String($0) != delimiter.rawValue } }
        let text = ["a", "b"].joined(separator: delimiter.rawValue) + "\n" + values.joined(separator: delimiter.rawValue) + "\n"
        #expect(try Self.rows(of: Array(text.utf8), dialect: CSVDialect(delimiter: delimiter)).map(\.fields) == [values])
    }

    @Test func `lines may end in a carriage return alone`() throws {
        let dialect = CSVDialect(endsLinesWithReturn: true)
        let rows = try Self.rows(of: Array("a,b\r1,\"two\rlines\"\r\r3,4".utf8), dialect: dialect)
        #expect(rows.map(\.fields) == [["1", "two\rlines"], ["3", "4"]])
        #expect(rows.map(\.line) == [2, 5])
        #expect(try Self.rows(of: Array("a,b\r\"1,2\r3,4\r".utf8), dialect: dialect).map(\.problem) == [.unclosedQuote, nil])
    }

    @Test(arguments: ["\n", "\r\n"])
    func `every row keeps its own bytes, without the line break behind it`(end: String) throws {
        let lines = [" 1 ,\"two\nlines\"", "\"open,2", "1,2,3", "3,\"say \"\"x\"\"\"", "5,6"]
        let rows = try Self.rows(of: "a,b" + end + lines.joined(separator: end))
        #expect(rows.map { String(decoding: $0.raw, as: UTF8.self) } == lines)
    }

    @Test(arguments: [(10, true), (11, false)])
    func `a field may be as long as the limit and no longer`(length: Int, isAccepted: Bool) throws {
        let limits = CSVLimits(fieldBytes: 10, rowBytes: 100)
        let rows = try Self.rows(of: "a,b\n1,\(String(repeating: "x", count: length))\n3,4\n", limits: limits)
        #expect(rows[0].problem == (isAccepted ? nil : .fieldTooLong(column: 2, limitBytes: 10)))
        #expect(rows[1].parsed == CSVRow(line: 3, fields: ["3", "4"]))
    }

    @Test(arguments: ["x", "\"x"])
    func `a row over the limit is passed over to its end`(start: String) throws {
        let limits = CSVLimits(fieldBytes: 10, rowBytes: 100)
        let rows = try Self.rows(of: "a,b\n1,\(start)\(String(repeating: "y", count: 3_000_000))\n3,4\n", limits: limits)
        #expect(rows[0].problem == .rowTooLong(limitBytes: 100))
        #expect(rows[0].fields.joined().utf8.count <= 10)
        #expect(rows[1].parsed == CSVRow(line: 3, fields: ["3", "4"]))
    }

    @Test func `a row with bytes that are not UTF-8 is told, repaired for people`() throws {
        let rows = try Self.rows(of: Array("a,b\n1,".utf8) + [0xC3, 0x28] + Array("\n3,4\n".utf8))
        #expect(
            rows.map(\.parsed) == [
                CSVRow(line: 2, fields: ["1", "\u{FFFD}("], problem: .notUTF8(column: 2)), CSVRow(line: 3, fields: ["3", "4"]),
            ])
    }

    @Test(arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
    func `a UTF-16 file is refused by name`(bytes: [UInt8]) {
        #expect(throws: CSVEncodingError.self) { try Self.rows(of: bytes) }
    }

    @Test func `what is written is read back`() throws {
        let values = ["plain", "with,comma", "with \"quotes\"", "two\nlines", "", "\"\u{301}"]
        let header = CSVText.line(values.indices.map { "c\($0)" })
        #expect(try Self.rows(of: header + CSVText.line(values)).map(\.fields) == [values])
    }

    static func rows(of text: String, limits: CSVLimits = CSVLimits()) throws -> [CSVRow] {
        try rows(of: Array(text.utf8), limits: limits)
    }

    static func rows(
        of bytes: [UInt8], dialect: CSVDialect = CSVDialect(), limits: CSVLimits = CSVLimits(), chunk: Int = 7
    ) throws -> [CSVRow] {
        var reader = try reader(bytes, dialect: dialect, limits: limits, chunk: max(chunk, bytes.count / 1000))
        guard try reader.readHeader() != nil else { return [] }
        var rows: [CSVRow] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    static func reader(_ text: String) throws -> CSVReader {
        try reader(Array(text.utf8), limits: CSVLimits(), chunk: 7)
    }

    /// Small chunks, so that every record spans several.
    private static func reader(
        _ bytes: [UInt8], dialect: CSVDialect = CSVDialect(), limits: CSVLimits, chunk: Int
    ) throws -> CSVReader {
        var rest = bytes[...]
        return try CSVReader(dialect: dialect, limits: limits) {
            defer { rest = rest.dropFirst(chunk) }
            return Array(rest.prefix(chunk))
        }
    }
}

extension CSVRow {
    /// What was made out of the row, without its bytes.
    fileprivate var parsed: CSVRow { CSVRow(line: line, fields: fields, problem: problem) }
}

import Import
import SeededRandom
import Testing

@Suite struct CSVReaderFuzzTests {
    @Test(arguments: 0..<20)
    func `records of any text survive being written and read`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let width = Int.random(in: 2...5, using: &random)
            let records = (0..<10).map { _ in (0..<width).map { _ in random.text() } }.filter { !Self.looksLikeSeveralRows($0) }
            let header = CSVText.line((0..<width).map { "c\($0)" })
            let rows = try CSVReaderTests.rows(of: header + records.map { CSVText.line($0) }.joined())
            #expect(rows.map(\.fields) == records)
            #expect(rows.allSatisfy { $0.problem == nil })
        }
    }

    /// Cells whose delimiters make each line as wide as the header are taken for rows that an open quote has swallowed.
    private static func looksLikeSeveralRows(_ record: [String]) -> Bool {
        let lines = CSVText.line(record).utf8.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.count > 1 && lines.allSatisfy { line in line.count { $0 == UInt8(ascii: ",") } == record.count - 1 }
    }

    @Test(arguments: 0..<20)
    func `any bytes are read to the end, and rows without quotes are never lost`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let noise = random.bytes(count: 200)
            // A quote in the noise may be left open at most to the end of its own line.
            let bytes = Array("a,b\n".utf8) + noise + Array("\ngood,row\n".utf8)
            let rows = try CSVReaderTests.rows(of: bytes, chunk: Int.random(in: 1...64, using: &random))
            let last = try #require(rows.last)
            #expect(last.fields == ["good", "row"] && last.problem == nil, "seed \(seed): \(noise)")
        }
    }
}

extension SplitMix64 {
    /// Text in which the characters that matter to CSV are frequent.
    mutating func text() -> String {
        let pieces = ["a", "ü", "日", "\"", ",", "\n", "\r\n", " ", ";", "\r", "x"]
        return (0..<Int.random(in: 0...8, using: &self)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &self)] }.joined()
    }

    /// Bytes of all kinds; quotes, commas and line breaks are frequent.
    mutating func bytes(count: Int) -> [UInt8] {
        let special = Array("\",\n\r".utf8)
        return (0..<count).map { _ in
            Bool.random(using: &self)
                ? special[Int.random(in: 0..<special.count, using: &self)] : UInt8.random(in: 0...255, using: &self)
        }
    }
}

import Testing

@testable import ProtobufJSON

@Suite("Writing JSON")
struct JSONWriterTests {
    private func written(_ options: JSONOptions = .api, _ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(options: options, capacity: 1)
        body(&writer)
        return writer.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("eight by", #""eight by""#), ("a\"b", #""a\"b""#), ("back\\slash", #""back\\slash""#),
        ("line\nfeed\ttab\rreturn", #""line\nfeed\ttab\rreturn""#), ("\u{0}\u{1F}", #""\u0000\u001f""#), ("\u{7F}é😀", "\"\u{7F}é😀\""),
        ("1234567\"", #""1234567\"""#), ("12345678\"", #""12345678\"""#), ("ÿÿÿÿÿÿÿÿ", "\"ÿÿÿÿÿÿÿÿ\""),
    ])
    func `a text is quoted and escaped`(text: String, expected: String) {
        #expect(written { $0.appendText(text) } == expected)
    }

    @Test func `every single byte before and after a run of text is escaped where it must be`() {
        for value in UInt8(0)..<128 {
            let scalar = Character(Unicode.Scalar(value))
            let escaped = written { $0.appendText("abcdefg\(scalar)hijklmnop") }
            let isPlain = value >= 0x20 && scalar != "\"" && scalar != "\\"
            #expect(escaped.contains("\\") == !isPlain, "byte \(value)")
        }
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (10, "10"), (-1, "-1"), (999_999_999_999, "999999999999"), (Int64.max, "9223372036854775807"),
        (Int64.min, "-9223372036854775808"),
    ])
    func `an integer is written exactly`(value: Int64, expected: String) {
        #expect(written { $0.appendInteger(value) } == expected)
        #expect(written(.api) { $0.appendLong(value) } == expected)
        #expect(written(.standard) { $0.appendLong(value) } == "\"\(expected)\"")
    }

    @Test func `the largest unsigned integer is written exactly`() {
        #expect(written { $0.appendLong(UInt64.max) } == "18446744073709551615")
    }

    @Test(arguments: [
        (0, "0"), (1.5, "1.5"), (-0.0, "-0"), (100, "100"), (1e100, "1e+100"), (.leastNonzeroMagnitude, "5e-324"),
        (.infinity, "\"Infinity\""),
        (-.infinity, "\"-Infinity\""), (.nan, "\"NaN\""),
    ])
    func `a double is written with the fewest digits that bring it back`(value: Double, expected: String) {
        #expect(written { $0.appendDouble(value) } == expected)
    }

    @Test func `a float needs no more digits than a float has`() {
        #expect(written { $0.appendFloat(0.1) } == "0.1")
    }

    @Test(
        arguments: [
            (0, 0, "1970-01-01T00:00:00Z"), (-1, 999_000_000, "1969-12-31T23:59:59.999Z"), (1_709_164_800, 0, "2024-02-29T00:00:00Z"),
            (951_782_399, 1, "2000-02-28T23:59:59.000000001Z"), (4_107_542_400, 1000, "2100-03-01T00:00:00.000001Z"),
            (-62_135_596_800, 0, "0001-01-01T00:00:00Z"), (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
        ] as [(Int64, Int32, String)])
    func `an instant is written in UTC`(seconds: Int64, nanos: Int32, expected: String) {
        #expect(written { $0.appendTimestamp(seconds: seconds, nanos: nanos) } == "\"\(expected)\"")
    }

    @Test(arguments: [(-62_135_596_801, 0), (253_402_300_800, 0), (0, -1), (0, 1_000_000_000)] as [(Int64, Int32)])
    func `an instant outside the years 1 to 9999 cannot be written`(seconds: Int64, nanos: Int32) {
        var writer = JSONWriter()
        writer.appendTimestamp(seconds: seconds, nanos: nanos)
        let failure = writer.failure
        #expect(failure == .timestampOutOfRange)
    }

    @Test(
        arguments: [
            (1, 500_000_000, "1.500s"), (0, -1, "-0.000000001s"), (-3, 0, "-3s"), (315_576_000_000, 0, "315576000000s"),
        ] as [(Int64, Int32, String)])
    func `a duration is written in seconds`(seconds: Int64, nanos: Int32, expected: String) {
        #expect(written { $0.appendDuration(seconds: seconds, nanos: nanos) } == "\"\(expected)\"")
    }

    @Test(arguments: [(315_576_000_001, 0), (1, -1), (-1, 1), (0, 1_000_000_000)] as [(Int64, Int32)])
    func `a duration of two signs or over 10000 years cannot be written`(seconds: Int64, nanos: Int32) {
        var writer = JSONWriter()
        writer.appendDuration(seconds: seconds, nanos: nanos)
        let failure = writer.failure
        #expect(failure == .durationOutOfRange)
    }

    @Test(
        arguments: [([], ""), ([0], "AA=="), ([255, 254], "//4="), ([1, 2, 3], "AQID"), ([251, 255, 191], "+/+/")] as [([UInt8], String)])
    func `bytes are written in base64`(bytes: [UInt8], expected: String) {
        #expect(written { $0.appendBase64(bytes) } == "\"\(expected)\"")
    }
}

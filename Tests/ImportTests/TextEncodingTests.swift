import Testing

@testable import Import

@Suite struct TextEncodingTests {
    @Test(
        arguments: [
            ("utf-8", [0xC3, 0xA9], "é"), ("UTF8", [0xE2, 0x82, 0xAC], "€"),
            ("windows-1252", [0xE9, 0x80, 0x92], "é€’"), ("cp1252", [0x93, 0x94], "“”"), ("Windows 1252", [0xFF], "ÿ"),
            ("iso-8859-1", [0xE9, 0xA4], "é¤"), ("latin1", [0xDF], "ß"),
            ("iso-8859-15", [0xE9, 0xA4, 0xBD], "é€œ"), ("ISO_8859-15", [0xA6], "Š"),
            ("iso-8859-2", [0xB1, 0xE8], "ąč"), ("windows-1250", [0x9C, 0xE6], "ść"), ("windows-1251", [0xC8, 0xE2], "Ив"),
            ("windows-1253", [0xE1], "α"), ("windows-1254", [0xFE], "ş"),
            ("utf-16le", [0x41, 0x00, 0xAC, 0x20, 0x3D, 0xD8, 0x00, 0xDE], "A€😀"),
            ("utf-16be", [0x00, 0x41, 0x20, 0xAC, 0xD8, 0x3D, 0xDE, 0x00], "A€😀"),
        ] as [(String, [UInt8], String)])
    func `an encoding is known by its name, and read and written back in chunks of any size`(
        name: String, bytes: [UInt8], text: String
    ) throws {
        let encoding = try TextEncoding(named: name)
        for size in 1...bytes.count {
            #expect(Self.decoded(bytes, encoding, chunk: size) == Array(text.utf8), "chunks of \(size)")
        }
        #expect(TextDecoder.encode(Array(text.utf8), as: encoding) == bytes)
    }

    @Test(arguments: ["", "utf-7", "klingon", "utf-32"])
    func `an encoding that is not known is refused with those that are`(name: String) {
        let refusal = #expect(throws: UnknownEncoding.self) { try TextEncoding(named: name) }
        #expect(refusal?.description.contains("utf-8, utf-16le, utf-16be, utf-16, windows-1252") == true)
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x41, 0x00], .utf16LittleEndian), ([0xFE, 0xFF, 0x00, 0x41], .utf16BigEndian),
            ([0x41, 0x00], .utf16LittleEndian), ([0x00, 0x41], .utf16BigEndian),
        ] as [([UInt8], TextEncoding)])
    func `UTF-16 says itself which byte is first`(start: [UInt8], encoding: TextEncoding) throws {
        #expect(try TextEncoding(named: "utf-16", start: start) == encoding)
    }

    @Test(
        arguments: [
            [0x3D, 0xD8], [0x3D, 0xD8, 0x41, 0x00], [0x00, 0xDE, 0x41, 0x00], [0x41, 0x00, 0x3D, 0xD8, 0x3D, 0xD8, 0x00, 0xDE],
        ] as [[UInt8]])
    func `half a character of UTF-16 is no text in UTF-8 either`(bytes: [UInt8]) throws {
        for size in 1...bytes.count {
            #expect(String(validating: Self.decoded(bytes, .utf16LittleEndian, chunk: size), as: UTF8.self) == nil)
        }
    }

    @Test(arguments: ["windows-1252", "iso-8859-1", "iso-8859-15", "iso-8859-2", "windows-1250", "windows-1251"])
    func `every byte comes back as it was`(name: String) throws {
        let encoding = try TextEncoding(named: name)
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(TextDecoder.encode(Self.decoded(bytes, encoding, chunk: 100), as: encoding) == bytes)
    }

    private static func decoded(_ bytes: [UInt8], _ encoding: TextEncoding, chunk size: Int) -> [UInt8] {
        var decoder = TextDecoder(encoding)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            text += decoder.decode(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        return text + decoder.decode([])
    }
}

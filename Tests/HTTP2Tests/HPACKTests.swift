import NIOCore
import NIOHPACK
import SeededRandom
import Testing

@testable import HTTP2

/// RFC 7541, with its own examples and with a stranger's implementation on the other side.
@Suite struct HPACKTests {
    private func decode(_ hexadecimal: String, with decoder: inout HTTP2.HPACKDecoder) throws -> [String] {
        try decoder.fields(in: ByteBuffer(hexadecimal: hexadecimal)).fields.map { "\($0.name): \($0.value)" }
    }

    // MARK: Examples of appendix C

    @Test(arguments: [
        [
            "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        ],
        ["828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"],
    ])
    func `requests one after another, plain and packed`(blocks: [String]) throws {
        var decoder = HTTP2.HPACKDecoder(listByteCount: 16_384)
        #expect(try decode(blocks[0], with: &decoder) == [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"])
        #expect(
            try decode(blocks[1], with: &decoder)
                == [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"])
        #expect(
            try decode(blocks[2], with: &decoder)
                == [":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"])
    }

    @Test func `a field that must not be kept is not`() throws {
        var decoder = HTTP2.HPACKDecoder(listByteCount: 16_384)
        #expect(try decode("100870617373776f726406736563726574", with: &decoder) == ["password: secret"])
        #expect(throws: HPACKFault.malformed) { try decode("be", with: &decoder) }
    }

    // MARK: What can't be read

    @Test(arguments: [
        ("index 0", "80"), ("an index beyond the table", "be"), ("an index far beyond it", "ffffff7f"),
        ("an endless number", "ffffffffffff"), ("a number that stops", "ff"), ("a text that stops", "400a6162"),
        ("a name that is missing", "40"),
        ("a table larger than allowed", "3fe21f"), ("a new size of the table behind a field", "8220"),
        ("padding that is longer than seven bits", "0001610183ffff"), ("padding that is not all ones", "000161811e"),
        ("the symbol that ends nothing", "00016184ffffffff"), ("a name of an index that isn't there", "7e0161"),
    ])
    func `a block that can't be read`(name: String, block: String) {
        var decoder = HTTP2.HPACKDecoder(listByteCount: 16_384)
        #expect(throws: HPACKFault.malformed) { try decode(block, with: &decoder) }
    }

    @Test func `padding of up to seven ones is none of the text`() throws {
        var decoder = HTTP2.HPACKDecoder(listByteCount: 16_384)
        #expect(try decode("000161811f", with: &decoder) == ["a: a"])
    }

    @Test(arguments: [(0, true), (-1, false)])
    func `a list may cost exactly its limit`(change: Int, isTaken: Bool) {
        // Name and value have one byte, and 32 more are counted.
        var decoder = HTTP2.HPACKDecoder(listByteCount: 2 * 34 + change)
        let block = ByteBuffer(hexadecimal: "00016101620001610162")
        #expect(((try? decoder.fields(in: block)) != nil) == isTaken)
    }

    // MARK: The table

    @Test func `the oldest fields make room, and one that is too large empties the table`() throws {
        var table = FieldTable(limit: 100)
        func put(_ name: String, _ value: String) { table.insert(TableEntry(field: HeaderField(name, value), isMalformed: false)) }
        put("a", "1")
        put("b", "2")
        #expect(table.entry(at: 62)?.field.name == "b" && table.entry(at: 63)?.field.name == "a" && table.size == 68)
        put("c", "3")
        #expect(table.entry(at: 62)?.field.name == "c" && table.entry(at: 63)?.field.name == "b" && table.entry(at: 64) == nil)
        put("d", String(repeating: "x", count: 70))
        #expect(table.count == 0 && table.size == 0)
        for number in 0..<50 { put("n", String(number)) }
        #expect(table.count == 2 && table.entry(at: 62)?.field.value == "49")
        table.setLimit(0)
        #expect(table.count == 0 && table.entry(at: 62) == nil)
    }

    @Test func `a block that comes again means the same header until the table changes`() throws {
        var decoder = HTTP2.HPACKDecoder(listByteCount: 16_384)
        let first = try decoder.request(in: ByteBuffer(hexadecimal: "828684410f7777772e6578616d706c652e636f6d"))
        let block = ByteBuffer(hexadecimal: "828684be")
        let second = try decoder.request(in: block)
        #expect(first !== second && first.fields.map(\.value) == second.fields.map(\.value))
        #expect(try decoder.request(in: block) === second)
        _ = try decoder.request(in: ByteBuffer(hexadecimal: "828684400161016282"))
        let other = try decoder.request(in: block)
        #expect(other !== second && other.fields.first("a") == "b")
    }

    // MARK: With a stranger's implementation

    @Test(arguments: 0..<40)
    func `what a stranger writes is read`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var encoder = NIOHPACK.HPACKEncoder(allocator: ByteBufferAllocator())
        var decoder = HTTP2.HPACKDecoder(listByteCount: 1 << 20)
        for _ in 0..<50 {
            let fields = Self.fields(&random)
            var block = ByteBuffer()
            try encoder.encode(
                headers: HPACKHeaders(fields.map { ($0.name, $0.value) }), to: &block)
            #expect(try decoder.fields(in: block).fields.map { [$0.name, $0.value] } == fields.map { [$0.name, $0.value] })
        }
    }

    @Test(arguments: 0..<40)
    func `what is written a stranger reads`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var encoder = HTTP2.HPACKEncoder()
        var decoder = NIOHPACK.HPACKDecoder(allocator: ByteBufferAllocator())
        let prepared = PreparedHeader([":status": "200", "content-type": "application/grpc"])
        for turn in 0..<50 {
            if turn % 13 == 5 { for _ in 0..<2 { encoder.setTableLimit(Int(random.next() % 5000)) } }
            let fields = Self.fields(&random)
            var block = ByteBuffer()
            let isPrepared = random.next() % 3 == 0
            if isPrepared {
                encoder.encode(prepared, into: &block)
            } else {
                var all = HeaderFields()
                for field in fields { all.add(field) }
                encoder.encode(all, into: &block)
            }
            let expected = isPrepared ? Array(prepared.fields) : fields
            #expect(try decoder.decodeHeaders(from: &block).map { [$0.name, $0.value] } == expected.map { [$0.name, $0.value] })
        }
    }

    @Test func `a prepared header takes a byte for each field from the second time on`() {
        var encoder = HTTP2.HPACKEncoder()
        let prepared = PreparedHeader([":status": "200", "content-type": "application/grpc", "grpc-accept-encoding": "identity,gzip"])
        var counts: [Int] = []
        for _ in 0..<3 {
            var block = ByteBuffer()
            encoder.encode(prepared, into: &block)
            counts.append(block.readableBytes)
        }
        #expect(counts[0] > 20 && counts[1...] == [3, 3])
    }

    private static func fields(_ random: inout SplitMix64) -> [HeaderField] {
        let names = [":path", "content-type", "x-a", "x-correlation-id", "etag", "accept", "grpc-status", "cookie"]
        return (0..<Int(random.next() % 12)).map { _ in
            let letters = (0..<Int(random.next() % 40)).map { _ in Character(UnicodeScalar(UInt8(33 + random.next() % 94))) }
            let value = random.next() % 3 == 0 ? "again" : String(letters)
            return HeaderField(names[Int(random.next() % 8)], value, isRepeated: random.next() % 2 == 0)
        }
    }
}

extension ByteBuffer {
    init(hexadecimal: String) {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        self.init(bytes: stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}

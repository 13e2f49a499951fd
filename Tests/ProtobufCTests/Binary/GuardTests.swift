import ConformanceMessages
import Contracts
import FieldChecks
import ProtobufC
import ProtobufJSON
import Testing

/// What must never reach libprotobuf-c.
@Suite struct GuardTests {
    typealias Kinds = TestAllTypesProto3

    static let bomb: [UInt8] = {
        var bytes: [UInt8] = []
        while bytes.count < 29_000 { bytes = WireBytes.tag(27, 2) + WireBytes.varint(UInt64(bytes.count)) + bytes }
        return bytes
    }()

    @Test func `a nesting bomb of 29 KB is refused as too deep`() {
        #expect(Self.bomb.count >= 29_000)
        #expect(refusal(of: Self.bomb, as: Kinds.self)?.reason == .tooDeep)
    }

    @Test(arguments: [(99, nil), (100, ProtobufDecodingError.Reason.tooDeep)])
    func `a hundred levels are read, one more is not`(nested: Int, reason: ProtobufDecodingError.Reason?) {
        var message = WireBytes()
        for _ in 0..<nested { message = WireBytes().message(27, message) }
        #expect(refusal(of: message.bytes, as: Kinds.self)?.reason == reason)
    }

    @Test func `depth is counted in unknown groups too`() {
        let bytes = (0..<200).flatMap { _ in WireBytes.tag(505, 3) } + (0..<200).flatMap { _ in WireBytes.tag(505, 4) }
        #expect(refusal(of: bytes, as: Kinds.self)?.reason == .tooDeep)
    }

    @Test(arguments: [
        ("a varint without its end", [0x08, 0x80]),
        ("a length beyond the end", [0x72, 0x05, 0x61]),
        ("a fixed32 cut short", [0x3D, 0x01, 0x02]),
        ("a fixed64 cut short", [0x41, 0x01, 0x02, 0x03, 0x04]),
        ("a tag without its end", [0xF2]),
        ("a packed list that ends inside an element", WireBytes().piece(81, [1, 2, 3, 4, 5]).bytes),
    ])
    func `what ends too early is refused`(what: String, bytes: [UInt8]) {
        #expect(refusal(of: bytes, as: Kinds.self)?.reason == .truncated, "\(what)")
    }

    @Test func `every proper beginning of a message is refused or read, none crashes`() throws {
        let whole = AllKinds.full.protobuf()
        for count in 0..<whole.count { _ = refusal(of: Array(whole.prefix(count)), as: Kinds.self) }
        #expect(try Kinds(protobuf: whole) == AllKinds.full)
    }

    @Test func `a length of almost 4 GiB is refused, not believed`() {
        #expect(refusal(of: [0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], as: Kinds.self)?.reason == .truncated)
    }

    @Test func `a varint of eleven bytes is refused`() {
        let endless = [UInt8](repeating: 0xFF, count: 10) + [0x01]
        #expect(refusal(of: [0x08] + endless, as: Kinds.self)?.reason == .malformedVarint)
        #expect(refusal(of: WireBytes().piece(75, endless).bytes, as: Kinds.self)?.reason == .malformedVarint)
    }

    @Test(arguments: [
        ("field 0", [0x00, 0x00]), ("field 2^29", WireBytes.varint(1 << 32) + [0]), ("wire type 6", [0x0E]), ("wire type 7", [0x0F]),
        ("a group's end alone", WireBytes.tag(505, 4)), ("a group without an end", WireBytes.tag(505, 3)),
        ("a group with another's end", WireBytes.tag(505, 3) + WireBytes.tag(506, 4)),
    ])
    func `a malformed tag is refused`(what: String, bytes: [UInt8]) {
        let reason = refusal(of: bytes, as: Kinds.self)?.reason
        #expect(reason == .malformedTag || reason == .malformedVarint, "\(what)")
    }

    @Test(arguments: [
        ("bool", 13, 5), ("bool", 13, 1), ("bool", 13, 2), ("int32", 1, 5), ("fixed32", 7, 0), ("double", 12, 5), ("string", 14, 0),
        ("message", 18, 0), ("list of strings", 44, 0), ("enum", 21, 2), ("group for a known field", 1, 3),
    ])
    func `a field in another wire type than its own is refused`(kind: String, number: UInt64, wireType: UInt64) {
        let bytes = WireBytes.tag(number, wireType) + [UInt8](repeating: 0, count: 8)
        let error = refusal(of: bytes, as: Kinds.self)
        #expect(error?.reason == .wrongWireType, "\(kind)")
        #expect(error?.field == UInt32(number))
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x80],
        ] as [[UInt8]])
    func `text that is not UTF-8 is refused, in a field, a list, a map and a oneof`(text: [UInt8]) {
        #expect(refusal(of: WireBytes().piece(14, text).bytes, as: Kinds.self)?.reason == .invalidUTF8)
        #expect(refusal(of: WireBytes().piece(44, text).bytes, as: Kinds.self)?.reason == .invalidUTF8)
        #expect(refusal(of: WireBytes().piece(113, text).bytes, as: Kinds.self)?.reason == .invalidUTF8)
        #expect(refusal(of: WireBytes().message(69, WireBytes().piece(1, text)).bytes, as: Kinds.self)?.reason == .invalidUTF8)
        #expect(refusal(of: WireBytes().piece(15, text).bytes, as: Kinds.self) == nil)
    }

    @Test(arguments: [
        "", "a", "\u{0}", "a\u{0}b", "é", "€", "\u{10FFFF}", "\u{D7FF}\u{E000}", "sixteen bytes ab", "naïve text with more than eight",
    ])
    func `text comes back whole, NUL included`(text: String) throws {
        let read = try Kinds(protobuf: WireBytes().text(14, text).bytes)
        #expect(Array(read.optionalString.utf8) == Array(text.utf8))
        #expect(try Kinds(protobuf: read.protobuf()) == read)
    }

    @Test func `the error names the message and the field`() {
        let error = refusal(of: WireBytes().message(1, WireBytes().piece(2, [0xFF])).bytes, as: CreatePatientResponse.self)
        #expect(error?.description == "hms.patient.v1.Patient, field 2: the text is not UTF-8")
    }
}

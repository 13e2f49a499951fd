import ConformanceMessages
import Contracts
import ProtobufC
import Testing

/// What fields mean that are sent more than once.
@Suite struct MergeTests {
    typealias Kinds = TestAllTypesProto3

    @Test func `of a plain field sent twice the last value holds`() throws {
        let read = try Kinds(protobuf: WireBytes().varint(1, 7).text(14, "first").varint(1, 8).text(14, "last").bytes)
        #expect(read.optionalInt32 == 8)
        #expect(read.optionalString == "last")
    }

    @Test func `the pieces of a message sent in parts are merged, at every depth`() throws {
        let first = WireBytes().message(27, WireBytes().varint(1, 1).varint(31, 10).message(18, WireBytes().varint(1, 5)))
        let second = WireBytes().message(27, WireBytes().text(14, "two").varint(31, 20).message(18, WireBytes().varint(1, 6)))
        let read = try Kinds(protobuf: first.bytes + second.bytes)
        #expect(read.recursiveMessage?.optionalInt32 == 1)
        #expect(read.recursiveMessage?.optionalString == "two")
        #expect(read.recursiveMessage?.repeatedInt32 == [10, 20])
        #expect(read.recursiveMessage?.optionalNestedMessage?.a == 6)
    }

    @Test func `messages of a list are not merged with one another, but each within itself`() throws {
        let element = WireBytes().message(2, WireBytes().varint(1, 1)).message(2, WireBytes().varint(2, 2))
        let read = try Kinds(protobuf: WireBytes().message(48, element).message(48, element).bytes)
        #expect(read.repeatedNestedMessage.count == 2)
        #expect(read.repeatedNestedMessage.allSatisfy { $0.corecursive?.optionalInt32 == 1 && $0.corecursive?.optionalInt64 == 2 })
    }

    @Test func `of a oneof the last member holds`() throws {
        let read = try Kinds(protobuf: WireBytes().text(113, "text").varint(111, 5).bytes)
        #expect(read.oneofField == .oneofUint32(5))
        let other = try Kinds(protobuf: WireBytes().varint(111, 5).text(113, "text").bytes)
        #expect(other.oneofField == .oneofString("text"))
    }

    @Test func `a oneof's message is merged with itself, but not across another member`() throws {
        let a = WireBytes().message(112, WireBytes().varint(1, 9))
        let b = WireBytes().message(112, WireBytes().message(2, WireBytes().varint(1, 3)))
        let merged = try Kinds(protobuf: a.bytes + b.bytes)
        #expect(merged.oneofField == .oneofNestedMessage(.init(a: 9, corecursive: Kinds(optionalInt32: 3))))
        let apart = try Kinds(protobuf: a.bytes + WireBytes().varint(111, 1).bytes + b.bytes)
        #expect(apart.oneofField == .oneofNestedMessage(.init(corecursive: Kinds(optionalInt32: 3))))
    }

    @Test func `of a map's key sent twice the last value holds`() throws {
        let entry = { (value: UInt64) in WireBytes().varint(1, 4).varint(2, value) }
        let read = try Kinds(protobuf: WireBytes().message(56, entry(1)).message(56, entry(2)).bytes)
        #expect(read.mapInt32Int32 == [4: 2])
    }

    @Test func `a map's entry without key or value has their defaults`() throws {
        let read = try Kinds(protobuf: WireBytes().message(69, WireBytes()).message(71, WireBytes().text(1, "k")).bytes)
        #expect(read.mapStringString == ["": ""])
        #expect(read.mapStringNestedMessage == ["k": Kinds.NestedMessage()])
    }

    @Test func `a list is read packed, unpacked and mixed`() throws {
        let bytes = WireBytes().varint(31, 1).piece(31, [2, 3]).varint(31, 4).bytes
        #expect(try Kinds(protobuf: bytes).repeatedInt32 == [1, 2, 3, 4])
        #expect(try Kinds(protobuf: WireBytes().piece(89, [5, 6]).varint(75, 7).bytes).unpackedInt32 == [5, 6])
    }

    @Test func `a boolean is true however long its varint is, packed too`() throws {
        let long = WireBytes.varint(1 << 40)
        let read = try Kinds(protobuf: WireBytes().varint(13, 1 << 40).piece(43, [0] + long + [1, 2]).bytes)
        #expect(read.optionalBool)
        #expect(read.repeatedBool == [false, true, true, true])
    }

    @Test func `an enum keeps a number that it doesn't name`() throws {
        let read = try Kinds(protobuf: WireBytes().varint(21, 77).piece(51, [1, 55]).bytes)
        #expect(read.optionalNestedEnum == .unrecognized(77))
        #expect(read.repeatedNestedEnum == [.bar, .unrecognized(55)])
        #expect(try Kinds(protobuf: read.protobuf()) == read)
    }

    @Test func `unknown fields are kept and sent on`() throws {
        let unknown = WireBytes().varint(501, 300).text(502, "later").adding(WireBytes.tag(503, 5) + [1, 2, 3, 4])
        let read = try Kinds(protobuf: WireBytes().varint(1, 1).adding(unknown.bytes).bytes)
        #expect(read.unknownFields.bytes == unknown.bytes)
        #expect(try Kinds(protobuf: read.protobuf()) == read)
    }

    @Test func `an unknown group is skipped`() throws {
        let group = WireBytes.tag(505, 3) + WireBytes().varint(1, 5).text(2, "x").bytes + WireBytes.tag(505, 4)
        #expect(try Kinds(protobuf: group + WireBytes().varint(1, 3).bytes) == Kinds(optionalInt32: 3))
    }
}

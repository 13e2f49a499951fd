import ConformanceMessages
import Contracts
import ProtobufC
import ProtobufJSON
import ReferenceMessages
import SwiftProtobuf
import Testing

/// Where our codec and SwiftProtobuf's differ, and each is known to: what the comparisons leave out.
@Suite struct KnownDifferenceTests {
    @Test func `a known field in another wire type is refused, where they keep it as unknown`() throws {
        let bytes = WireBytes().text(1, "optional_int32 is a number").bytes
        #expect(refusal(of: bytes, as: Ours.self)?.reason == .wrongWireType)
        #expect(try Theirs(serializedBytes: bytes).unknownFields.data.count == bytes.count)
    }

    @Test func `an unknown group is dropped, where they keep it: proto3 has none`() throws {
        let bytes = WireBytes().adding(WireBytes.tag(5000, 3)).varint(1, 7).adding(WireBytes.tag(5000, 4)).bytes
        #expect(try Ours(protobuf: bytes).protobuf().isEmpty)
        #expect(try Theirs(serializedBytes: bytes).unknownFields.data.count == bytes.count)
    }

    @Test func `a key that stands twice in an object is refused, where the last one wins`() throws {
        let json = #"{"optionalInt32":1,"optionalInt32":2}"#
        #expect(throws: ProtobufJSON.JSONDecodingError.self) { try Ours(json: json, options: .standard) }
        #expect(try Theirs(jsonString: json).optionalInt32 == 2)
    }

    @Test func `an enum's number beyond 32 bits is refused, where they cut it`() throws {
        let json = #"{"optionalNestedEnum":1143742461143742464}"#
        #expect(throws: ProtobufJSON.JSONDecodingError.self) { try Ours(json: json, options: .standard) }
        #expect(throws: Never.self) { try Theirs(jsonString: json) }
    }

    @Test func `a mask's path is taken as it is, where they want a name`() throws {
        let json = #"{"optionalFieldMask":"snow ☃"}"#
        #expect(try Ours(json: json, options: .standard).optionalFieldMask?.paths == ["snow ☃"])
        #expect(throws: (any Error).self) { try Theirs(jsonString: json) }
    }
}

import PlainText
import Reflection
import SeededRandom
import SwiftProtobuf
import Testing

@Suite struct DynamicCodingTests {
    @Test(
        arguments: [
            ("int32", JSONValue.integer(-1), [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
            ("int64", .integer(.max), [0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
            ("uint32", .integer(4_294_967_295), [0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
            ("uint64", .unsigned(.max), [0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
            ("sint32", .integer(-2), [0x28, 0x03]),
            ("sint64", .integer(.min), [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
            ("fixed32", .integer(1), [0x3D, 1, 0, 0, 0]),
            ("fixed64", .integer(1), [0x41, 1, 0, 0, 0, 0, 0, 0, 0]),
            ("sfixed32", .integer(-1), [0x4D, 0xFF, 0xFF, 0xFF, 0xFF]),
            ("sfixed64", .integer(-1), [0x51, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            ("float", .number(1.5), [0x5D, 0, 0, 0xC0, 0x3F]),
            ("double", .number(-2.5), [0x61, 0, 0, 0, 0, 0, 0, 0x04, 0xC0]),
            ("bool", .bool(true), [0x68, 1]),
            ("string", .string("hé"), [0x72, 3, 0x68, 0xC3, 0xA9]),
            ("bytes", .string("AP8="), [0x7A, 2, 0x00, 0xFF]),
            ("color", .string("COLOR_RED"), [0x80, 0x01, 0x01]),
            ("numbers", .array([1, 300]), [0x8A, 0x01, 3, 1, 0xAC, 0x02]),
            ("texts", .array(["a", "b"]), [0x92, 0x01, 1, 0x61, 0x92, 0x01, 1, 0x62]),
            ("counts", .object([JSONMember("x", 5)]), [0x9A, 0x01, 5, 0x0A, 1, 0x78, 0x10, 5]),
            ("maybe", .integer(0), [0xA0, 0x01, 0]),
            ("inner", ["maybe": 7], [0xAA, 0x01, 3, 0xA0, 0x01, 7]),
            ("at", .string("1970-01-01T00:00:01Z"), [0xB2, 0x01, 2, 0x08, 1]),
            ("first", .string(""), [0xBA, 0x01, 0]),
            ("mask", .string("a_b,c"), [0xCA, 0x01, 8, 0x0A, 3, 0x61, 0x5F, 0x62, 0x0A, 1, 0x63]),
            ("wait", .string("1.500s"), [0xD2, 0x01, 8, 0x08, 1, 0x10, 0x80, 0xCA, 0xB5, 0xEE, 0x01]),
        ] as [(String, JSONValue, [UInt8])])
    func `a field has its bytes and comes back`(name: String, value: JSONValue, bytes: [UInt8]) throws {
        let catalog = try Self.catalog()
        #expect(try catalog.encode(.object([JSONMember(name, value)]), as: "test.All") == bytes)
        let back = try #require(try catalog.decode(bytes, as: "test.All")[name])
        let isNested = name == "inner"
        #expect(isNested ? back["maybe"] == 7 : back == value)
    }

    @Test func `defaults are shown, unset optionals and messages are not`() throws {
        let shown = try Self.catalog().decode([], as: "test.All")
        #expect(shown["int32"] == 0 && shown["string"] == "" && shown["color"] == "COLOR_UNSPECIFIED" && shown["texts"] == [])
        #expect(shown["maybe"] == nil && shown["inner"] == nil && shown["first"] == nil)
    }

    @Test func `enums are understood by short name and number, unknown numbers are shown as they are`() throws {
        let catalog = try Self.catalog()
        #expect(try catalog.encode(["color": "RED"], as: "test.All") == [0x80, 0x01, 0x01])
        #expect(try catalog.encode(["color": 9], as: "test.All") == [0x80, 0x01, 0x09])
        #expect(try catalog.decode([0x80, 0x01, 0x09], as: "test.All")["color"] == 9)
    }

    @Test func `numbers may be text, keys may be camel case, nulls say nothing`() throws {
        let catalog = try Self.catalog()
        #expect(try catalog.encode(["int64": "12", "string": .null, "camelCase": 1], as: "test.All") == [0x10, 12, 0xD8, 0x01, 1])
    }

    @Test(arguments: [
        ("{\"nothing\": 1}", "nothing: test.All has no such field"),
        ("{\"int32\": 2147483648}", "int32: must be a whole number from -2147483648 to 2147483647"),
        ("{\"int32\": 1.5}", "int32: must be a whole number from -2147483648 to 2147483647"),
        ("{\"bool\": 1}", "bool: must be true or false"),
        ("{\"string\": 1}", "string: must be a string"),
        ("{\"bytes\": \"***\"}", "bytes: must be a base64 string"),
        ("{\"color\": \"PINK\"}", "color: must be one of COLOR_UNSPECIFIED, COLOR_RED"),
        ("{\"texts\": \"a\"}", "texts: must be an array"),
        ("{\"texts\": [\"a\", 1]}", "texts[1]: must be a string"),
        ("{\"inner\": {\"inner\": {\"int32\": \"x\"}}}", "inner.inner.int32: must be a whole number from -2147483648 to 2147483647"),
        ("{\"counts\": {\"x\": \"y\"}}", "counts.x: must be a whole number from -2147483648 to 2147483647"),
        ("{\"first\": \"a\", \"second\": \"b\"}", "second: excludes another field that is given"),
        ("{\"at\": \"yesterday\"}", "at: is no google.protobuf.Timestamp"),
        ("[]", "must be an object, a test.All"),
    ])
    func `what does not fit is told with its place`(json: String, sentence: String) throws {
        let catalog = try Self.catalog()
        let error = #expect(throws: DynamicCodingError.self) { try catalog.encode(try JSONValue(parsing: json), as: "test.All") }
        #expect(error?.description == sentence)
    }

    @Test func `nesting has an end both ways`() throws {
        let catalog = try Self.catalog()
        var json: JSONValue = [:]
        var bytes: [UInt8] = []
        for _ in 0..<200 { json = ["inner": json] }
        for _ in 0..<200 { bytes = [0xAA, 0x01] + Self.varint(bytes.count) + bytes }
        #expect(throws: DynamicCodingError.self) { try catalog.encode(json, as: "test.All") }
        #expect(throws: DynamicCodingError.self) { try catalog.decode(bytes, as: "test.All") }
    }

    @Test(arguments: 0..<10)
    func `any bytes are decoded or refused`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let catalog = try Self.catalog()
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            if let json = try? catalog.decode(bytes, as: "test.All") { _ = json.pretty }
        }
    }

    @Test func `unpacked numbers and unknown fields are read too`() throws {
        let catalog = try Self.catalog()
        let shown = try catalog.decode([0x88, 0x01, 1, 0x88, 0x01, 2, 0xF8, 0x7F, 1], as: "test.All")
        #expect(shown["numbers"] == [1, 2])
    }

    private static func varint(_ count: Int) -> [UInt8] {
        count < 128 ? [UInt8(count)] : [UInt8(count & 0x7F) | 0x80, UInt8(count >> 7)]
    }

    /// `test.All`: every kind of field that proto3 has.
    private static func catalog() throws -> ContractCatalog {
        let scalars: [(String, Google_Protobuf_FieldDescriptorProto.TypeEnum)] = [
            ("int32", .int32), ("int64", .int64), ("uint32", .uint32), ("uint64", .uint64), ("sint32", .sint32), ("sint64", .sint64),
            ("fixed32", .fixed32), ("fixed64", .fixed64), ("sfixed32", .sfixed32), ("sfixed64", .sfixed64), ("float", .float),
            ("double", .double), ("bool", .bool), ("string", .string), ("bytes", .bytes),
        ]
        var all = Google_Protobuf_DescriptorProto.with { $0.name = "All" }
        all.field = scalars.enumerated().map { index, scalar in field(scalar.0, Int32(index + 1), scalar.1) }
        all.field += [
            field("color", 16, .enum, of: ".test.Color"), field("numbers", 17, .int32, isRepeated: true),
            field("texts", 18, .string, isRepeated: true), field("counts", 19, .message, of: ".test.All.CountsEntry", isRepeated: true),
            field("maybe", 20, .int32) {
                $0.proto3Optional = true; $0.oneofIndex = 1
            }, field("inner", 21, .message, of: ".test.All"),
            field("at", 22, .message, of: ".google.protobuf.Timestamp"), field("first", 23, .string) { $0.oneofIndex = 0 },
            field("second", 24, .string) { $0.oneofIndex = 0 }, field("mask", 25, .message, of: ".google.protobuf.FieldMask"),
            field("wait", 26, .message, of: ".google.protobuf.Duration"), field("camel_case", 27, .int32) { $0.jsonName = "camelCase" },
        ]
        all.nestedType = [
            .with {
                $0.name = "CountsEntry"
                $0.field = [field("key", 1, .string), field("value", 2, .int32)]
                $0.options.mapEntry = true
            }
        ]
        let color = Google_Protobuf_EnumDescriptorProto.with {
            $0.name = "Color"
            $0.value = [
                .with {
                    $0.name = "COLOR_UNSPECIFIED"; $0.number = 0
                },
                .with {
                    $0.name = "COLOR_RED"; $0.number = 1
                },
            ]
        }
        let file = Google_Protobuf_FileDescriptorProto.with {
            $0.package = "test"; $0.syntax = "proto3"; $0.messageType = [all]; $0.enumType = [color]
        }
        return try ContractCatalog(fileDescriptorSet: Google_Protobuf_FileDescriptorSet.with { $0.file = [file] }.serializedBytes())
    }

    private static func field(
        _ name: String, _ number: Int32, _ type: Google_Protobuf_FieldDescriptorProto.TypeEnum, of typeName: String = "",
        isRepeated: Bool = false, _ change: (inout Google_Protobuf_FieldDescriptorProto) -> Void = { _ in }
    ) -> Google_Protobuf_FieldDescriptorProto {
        var field = Google_Protobuf_FieldDescriptorProto.with {
            $0.name = name
            $0.number = number
            $0.type = type
            $0.typeName = typeName
            $0.label = isRepeated ? .repeated : .optional
        }
        change(&field)
        return field
    }
}

import Foundation
import PlainText
import SwiftProtobuf

typealias DescribedType = Google_Protobuf_FieldDescriptorProto.TypeEnum

extension DescribedType {
    var wireType: WireType {
        switch self {
        case .double, .fixed64, .sfixed64: .fixed64
        case .float, .fixed32, .sfixed32: .fixed32
        case .string, .bytes, .message, .group: .counted
        default: .varint
        }
    }
}

/// The scalar types of protobuf, from JSON to the wire and back.
enum ScalarCoding {
    static func encode(_ json: JSONValue, _ type: DescribedType, into writer: inout WireWriter) throws {
        switch type {
        case .bool: writer.varint(try bool(json) ? 1 : 0)
        case .int32: writer.varint(UInt64(bitPattern: Int64(try integer(json, as: Int32.self))))
        case .int64: writer.varint(UInt64(bitPattern: try integer(json, as: Int64.self)))
        case .uint32: writer.varint(UInt64(try integer(json, as: UInt32.self)))
        case .uint64: writer.varint(try integer(json, as: UInt64.self))
        case .sint32: writer.varint(zigzag(Int64(try integer(json, as: Int32.self))))
        case .sint64: writer.varint(zigzag(try integer(json, as: Int64.self)))
        case .fixed32: writer.fixed32(try integer(json, as: UInt32.self))
        case .fixed64: writer.fixed64(try integer(json, as: UInt64.self))
        case .sfixed32: writer.fixed32(UInt32(bitPattern: try integer(json, as: Int32.self)))
        case .sfixed64: writer.fixed64(UInt64(bitPattern: try integer(json, as: Int64.self)))
        case .float: writer.fixed32(try float(json).bitPattern)
        case .double: writer.fixed64(try double(json).bitPattern)
        case .string: writer.counted(Array(try text(json).utf8))
        case .bytes: writer.counted(try base64(json))
        default: throw DynamicCodingError(path: "", reason: "fields of this type are not supported")
        }
    }

    static func decode(_ type: DescribedType, from reader: inout WireReader) throws -> JSONValue {
        switch type {
        case .bool: .bool(try reader.varint() != 0)
        case .int32: .integer(Int64(Int32(truncatingIfNeeded: try reader.varint())))
        case .int64: .integer(Int64(bitPattern: try reader.varint()))
        case .uint32: .integer(Int64(UInt32(truncatingIfNeeded: try reader.varint())))
        case .uint64: unsigned(try reader.varint())
        case .sint32, .sint64: .integer(unzigzag(try reader.varint()))
        case .fixed32: .integer(Int64(try reader.fixed32()))
        case .fixed64: unsigned(try reader.fixed64())
        case .sfixed32: .integer(Int64(Int32(bitPattern: try reader.fixed32())))
        case .sfixed64: .integer(Int64(bitPattern: try reader.fixed64()))
        case .float: .number(shortest(Float(bitPattern: try reader.fixed32())))
        case .double: .number(Double(bitPattern: try reader.fixed64()))
        case .string: .string(try text(try reader.counted()))
        case .bytes: .string(Data(try reader.counted()).base64EncodedString())
        default: throw DynamicCodingError(path: "", reason: "fields of this type are not supported")
        }
    }

    static func defaultValue(_ type: DescribedType) -> JSONValue {
        switch type {
        case .bool: false
        case .string, .bytes: ""
        case .float, .double: .number(0)
        default: 0
        }
    }

    /// A map's key: text in JSON, a scalar on the wire.
    static func encode(key: String, _ type: DescribedType, into writer: inout WireWriter) throws {
        guard type == .bool else { return try encode(.string(key), type, into: &writer) }
        guard key == "true" || key == "false" else { throw DynamicCodingError(path: "", reason: "the key must be true or false") }
        writer.varint(key == "true" ? 1 : 0)
    }
}

/// Reading JSON's side.
extension ScalarCoding {
    private static func bool(_ json: JSONValue) throws -> Bool {
        guard case .bool(let bool) = json else { throw DynamicCodingError(path: "", reason: "must be true or false") }
        return bool
    }

    private static func integer<Integer: FixedWidthInteger>(_ json: JSONValue, as type: Integer.Type) throws -> Integer {
        let value: Integer? =
            switch json {
            case .integer(let integer): Integer(exactly: integer)
            case .unsigned(let unsigned): Integer(exactly: unsigned)
            case .number(let number): Integer(exactly: number)
            case .string(let text): Integer(text)
            case .null, .bool, .array, .object: nil
            }
        guard let value else {
            throw DynamicCodingError(path: "", reason: "must be a whole number from \(Integer.min) to \(Integer.max)")
        }
        return value
    }

    private static func double(_ json: JSONValue) throws -> Double {
        switch json {
        case .integer(let integer): return Double(integer)
        case .unsigned(let unsigned): return Double(unsigned)
        case .number(let number): return number
        case .string("NaN"): return .nan
        case .string("Infinity"): return .infinity
        case .string("-Infinity"): return -.infinity
        case .string(let text):
            if let number = Double(text), number.isFinite { return number }
        case .null, .bool, .array, .object: break
        }
        throw DynamicCodingError(path: "", reason: "must be a number")
    }

    private static func float(_ json: JSONValue) throws -> Float {
        let double = try double(json)
        let float = Float(double)
        guard float.isFinite || !double.isFinite else { throw DynamicCodingError(path: "", reason: "is too large") }
        return float
    }

    private static func text(_ json: JSONValue) throws -> String {
        guard case .string(let text) = json else { throw DynamicCodingError(path: "", reason: "must be a string") }
        return text
    }

    private static func base64(_ json: JSONValue) throws -> [UInt8] {
        let standard = json.text?.replacing("-", with: "+").replacing("_", with: "/").filter { $0 != "=" }
        let padding = String(repeating: "=", count: (4 - (standard?.utf8.count ?? 0) % 4) % 4)
        guard let standard, let data = Data(base64Encoded: standard + padding) else {
            throw DynamicCodingError(path: "", reason: "must be a base64 string")
        }
        return Array(data)
    }
}

/// Reading the wire's side.
extension ScalarCoding {
    private static func text(_ bytes: ArraySlice<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DynamicCodingError(path: "", reason: "the message holds text that is not UTF-8")
        }
        return text
    }

    private static func unsigned(_ value: UInt64) -> JSONValue {
        Int64(exactly: value).map { .integer($0) } ?? .unsigned(value)
    }

    /// The double that prints with a float's own digits.
    private static func shortest(_ float: Float) -> Double {
        Double("\(float)") ?? Double(float)
    }

    private static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value << 1) ^ (value >> 63))
    }

    private static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}

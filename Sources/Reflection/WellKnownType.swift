import PlainText
import SwiftProtobuf

/// The messages that JSON writes in a form of their own: a timestamp as text, a wrapper as its value.
struct WellKnownType: Sendable {
    let encode: @Sendable (JSONValue) throws -> [UInt8]
    let decode: @Sendable ([UInt8]) throws -> JSONValue

    static let all: [String: WellKnownType] = [
        "google.protobuf.Timestamp": WellKnownType(Google_Protobuf_Timestamp.self),
        "google.protobuf.Duration": WellKnownType(Google_Protobuf_Duration.self),
        "google.protobuf.FieldMask": fieldMask,
        "google.protobuf.Struct": WellKnownType(Google_Protobuf_Struct.self),
        "google.protobuf.Value": WellKnownType(Google_Protobuf_Value.self),
        "google.protobuf.ListValue": WellKnownType(Google_Protobuf_ListValue.self),
        "google.protobuf.BoolValue": WellKnownType(Google_Protobuf_BoolValue.self),
        "google.protobuf.StringValue": WellKnownType(Google_Protobuf_StringValue.self),
        "google.protobuf.BytesValue": WellKnownType(Google_Protobuf_BytesValue.self),
        "google.protobuf.Int32Value": WellKnownType(Google_Protobuf_Int32Value.self),
        "google.protobuf.Int64Value": WellKnownType(Google_Protobuf_Int64Value.self),
        "google.protobuf.UInt32Value": WellKnownType(Google_Protobuf_UInt32Value.self),
        "google.protobuf.UInt64Value": WellKnownType(Google_Protobuf_UInt64Value.self),
        "google.protobuf.FloatValue": WellKnownType(Google_Protobuf_FloatValue.self),
        "google.protobuf.DoubleValue": WellKnownType(Google_Protobuf_DoubleValue.self),
    ]

    private init<Known: SwiftProtobuf.Message>(_ type: Known.Type) {
        encode = { json in
            do {
                return try Known(jsonString: json.compact).serializedBytes()
            } catch is JSONDecodingError {
                throw DynamicCodingError(path: "", reason: "is no \(Known.protoMessageName)")
            }
        }
        decode = { try JSONValue(parsing: try Known(serializedBytes: $0).jsonString()) }
    }

    private init(encode: @escaping @Sendable (JSONValue) throws -> [UInt8], decode: @escaping @Sendable ([UInt8]) throws -> JSONValue) {
        self.encode = encode
        self.decode = decode
    }

    /// Paths keep the names of the contract, as everything else here does; camel case is understood too.
    private static let fieldMask = WellKnownType(
        encode: { json in
            guard let text = json.text else { throw DynamicCodingError(path: "", reason: "must be paths, separated by commas") }
            let paths = text.split(separator: ",").map { snakeCase($0.trimmingSpaces) }
            return try Google_Protobuf_FieldMask.with { $0.paths = paths }.serializedBytes()
        },
        decode: { .string(try Google_Protobuf_FieldMask(serializedBytes: $0).paths.joined(separator: ",")) })

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}

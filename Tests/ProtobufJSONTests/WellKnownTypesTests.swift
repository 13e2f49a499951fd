import Contracts
import ProtobufC
import ProtobufJSON
import Testing

@Suite("The well-known types in JSON")
struct WellKnownTypesTests {
    private func roundTrip<M: JSONMessage>(_ type: M.Type, _ json: String, _ options: JSONOptions = .standard) throws -> String {
        String(decoding: try M(json: json, options: options).json(options: options), as: UTF8.self)
    }

    @Test(arguments: ["null", "true", "1.5", "\"text\"", "[1,[],{}]", #"{"a":[null,{"b":false}],"c":"d"}"#])
    func `any value is read and written as it is`(json: String) throws {
        #expect(try roundTrip(ProtobufValue.self, json) == json)
    }

    @Test func `a struct is an object, a list is a list`() throws {
        #expect(try roundTrip(ProtobufStruct.self, #"{"b":1,"a":{"x":null}}"#) == #"{"a":{"x":null},"b":1}"#)
        #expect(try roundTrip(ProtobufListValue.self, #"["a",2]"#) == #"["a",2]"#)
        #expect(throws: JSONDecodingError.self) { try ProtobufStruct(json: "[]") }
        #expect(throws: JSONDecodingError.self) { try ProtobufStruct(json: #"{"a":1,"a":2}"#) }
        #expect(throws: JSONDecodingError.self) { try ProtobufStruct(json: "null") }
    }

    @Test func `a value that holds nothing, or no number, cannot be written`() {
        #expect(throws: JSONEncodingError.unwritableValue) { try ProtobufValue().json() }
        #expect(throws: JSONEncodingError.unwritableValue) { try ProtobufValue(kind: .numberValue(.nan)).json() }
    }

    @Test func `wrappers are written as what they hold`() throws {
        #expect(try roundTrip(ProtobufStringValue.self, "\"a\"") == "\"a\"")
        #expect(try roundTrip(ProtobufInt64Value.self, "7") == "\"7\"")
        #expect(try roundTrip(ProtobufBoolValue.self, "false") == "false")
        #expect(try roundTrip(ProtobufDoubleValue.self, "\"-Infinity\"") == "\"-Infinity\"")
        #expect(try roundTrip(ProtobufBytesValue.self, "\"-_8\"") == "\"+/8=\"")
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("1970-01-01T05:30:00+05:30", 0, 0), ("1969-12-31T15:59:59.5-08:00", -1, 500_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0), ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
            ("2024-02-29T12:00:00.000001Z", 1_709_208_000, 1000),
        ] as [(String, Int64, Int32)])
    func `an instant is read with its offset`(text: String, seconds: Int64, nanos: Int32) throws {
        #expect(try ProtobufTimestamp(json: "\"\(text)\"") == ProtobufTimestamp(seconds: seconds, nanos: nanos))
    }

    @Test(arguments: [
        "2026-01-31T09:30:00", "2026-01-31 09:30:00Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T23:60:00Z", "2026-01-31T23:59:60Z", "2026-01-31T09:30Z",
        "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00.1234567890Z", "2026-01-31T09:30:00+0530", "2026-01-31T09:30:00+24:00",
        "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "26-01-31T09:30:00Z", "2026-01-31T09:30:00ZZ", "",
    ])
    func `what is no instant is refused`(text: String) {
        #expect(throws: JSONDecodingError.self) { try ProtobufTimestamp(json: "\"\(text)\"") }
    }

    /// RFC 3339, 5.6, lets a reader take small letters; the standard mapping of protobuf does not.
    @Test(arguments: ["2026-01-31t09:30:00Z", "2026-01-31T09:30:00z", "2026-01-31t09:30:00.000z", "2026-01-31t15:00:00+05:30"])
    func `the public API reads a time in small letters too`(text: String) throws {
        let instant = ProtobufTimestamp(seconds: 1_769_851_800)
        #expect(try ProtobufTimestamp(json: "\"\(text)\"") == instant)
        #expect(throws: JSONDecodingError.self) { try ProtobufTimestamp(json: "\"\(text)\"", options: .standard) }
        #expect(TimeParameter.timestamp(text)?.seconds == instant.seconds)
    }

    @Test(
        arguments: [("0s", 0, 0), ("1.5s", 1, 500_000_000), ("-0.000000001s", 0, -1), ("-315576000000s", -315_576_000_000, 0)]
            as [(String, Int64, Int32)])
    func `a duration is read in seconds`(text: String, seconds: Int64, nanos: Int32) throws {
        #expect(try ProtobufDuration(json: "\"\(text)\"") == ProtobufDuration(seconds: seconds, nanos: nanos))
    }

    @Test(arguments: ["1", "s", "1.s", ".5s", "1m", "315576000001s", "--1s", "1.0000000001s", "1e3s"])
    func `what is no duration is refused`(text: String) {
        #expect(throws: JSONDecodingError.self) { try ProtobufDuration(json: "\"\(text)\"") }
    }

    @Test func `a field mask is one text, in camel case in the proto3 mapping`() throws {
        let mask = ProtobufFieldMask(paths: ["display_name", "photo.url"])
        #expect(try String(decoding: mask.json(options: .standard), as: UTF8.self) == "\"displayName,photo.url\"")
        #expect(try String(decoding: mask.json(options: .api), as: UTF8.self) == "\"display_name,photo.url\"")
        #expect(try ProtobufFieldMask(json: "\"displayName,photo.url\"", options: .standard) == mask)
        #expect(try ProtobufFieldMask(json: "\"display_name,photo.url\"", options: .api) == mask)
        #expect(throws: JSONDecodingError.self) { try ProtobufFieldMask(json: "\"display_name\"", options: .standard) }
        #expect(throws: JSONEncodingError.unwritableFieldMask) { try ProtobufFieldMask(paths: ["displayName"]).json(options: .standard) }
    }

    private let withTypes: JSONOptions = {
        var options = JSONOptions.standard
        options.types = MessageTypes([Patient.self, ProtobufDuration.self, ProtobufAny.self, ProtobufStruct.self, ProtobufEmpty.self])
        return options
    }()

    @Test(arguments: [
        #"{"@type":"type.googleapis.com/hms.patient.v1.Patient","patientId":"pat_1","version":"2"}"#,
        #"{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.500s"}"#,
        #"{"@type":"x/google.protobuf.Any","value":{"@type":"x/google.protobuf.Struct","value":{"@type":1}}}"#, "{}",
        #"{"@type":"x/google.protobuf.Empty"}"#,
    ])
    func `an any is written with the fields of what it holds`(json: String) throws {
        #expect(try roundTrip(ProtobufAny.self, json, withTypes) == json)
    }

    @Test func `the type of an any may stand behind its fields`() throws {
        let json = #"{"version":"2","patientId":"pat_1","@type":"x/hms.patient.v1.Patient"}"#
        let any = try ProtobufAny(json: json, options: withTypes)
        #expect(try Patient(protobuf: any.value) == Patient(patientID: "pat_1", version: 2))
    }

    @Test(arguments: [
        #"{"@type":"x/hms.Unknown"}"#, #"{"@type":"hms.patient.v1.Patient"}"#, #"{"patientId":"a"}"#,
        #"{"@type":"x/hms.patient.v1.Patient","@type":"x/hms.patient.v1.Patient"}"#, #"{"@type":"x/hms.patient.v1.Patient","x":1}"#,
        #"{"@type":"x/google.protobuf.Empty","more":1}"#, #"{"@type":"x/google.protobuf.Duration","value":"1s","more":1}"#,
        #"{"@type":"x/google.protobuf.Duration"}"#,
    ])
    func `an any that cannot be understood is refused`(json: String) {
        #expect(throws: JSONDecodingError.self) { try ProtobufAny(json: json, options: withTypes) }
    }

    @Test func `an any of an unknown type cannot be written`() {
        #expect(throws: JSONEncodingError.unknownType("a.B")) { try ProtobufAny(typeURL: "x/a.B", value: []).json(options: withTypes) }
        #expect(throws: JSONEncodingError.malformedAny("hms.patient.v1.Patient")) {
            try ProtobufAny(typeURL: "x/hms.patient.v1.Patient", value: [0xFF]).json(options: withTypes)
        }
    }
}

import ConformanceMessages
import Contracts
import FieldChecks

enum Patients {
    /// What a patient commonly is: about 200 bytes.
    static let ordinary = Patient(
        patientID: "pat_01jd8m3k7q2w5x9zr4t6y8b1ca", name: "Meera Krishnamurthy-Iyer", email: "meera.krishnamurthy@example.org",
        phone: "+91 98400 12345", dob: "1984-02-29", allergies: ["penicillin", "peanuts", "latex"], status: .active,
        createdAt: ProtobufTimestamp(seconds: 1_795_000_000, nanos: 123_000_000), version: 7)
}

enum AllKinds {
    /// Something in every field.
    static let full: TestAllTypesProto3 = {
        var all = TestAllTypesProto3(
            optionalInt32: -1, optionalInt64: .min, optionalUint32: .max, optionalUint64: .max, optionalSint32: .min, optionalSint64: .min,
            optionalFixed32: .max, optionalFixed64: .max, optionalSfixed32: .min, optionalSfixed64: .min, optionalFloat: -1.5,
            optionalDouble: .pi, optionalBool: true, optionalString: "é\u{0}ü", optionalBytes: [0, 255, 128],
            optionalNestedMessage: .init(a: 1, corecursive: TestAllTypesProto3(optionalInt32: 5)), optionalNestedEnum: .neg,
            optionalForeignEnum: .foreignBaz, recursiveMessage: TestAllTypesProto3(recursiveMessage: TestAllTypesProto3(optionalBool: true))
        )
        all.repeatedInt32 = [0, -1, .max, .min]
        all.repeatedSint64 = [0, -1, .max, .min]
        all.repeatedFixed64 = [0, .max]
        all.repeatedFloat = [0, -2.5, .infinity]
        all.repeatedBool = [true, false, true]
        all.repeatedString = ["", "a", "long enough not to be kept in place"]
        all.repeatedBytes = [[], [1, 2, 3]]
        all.repeatedNestedMessage = [.init(), .init(a: 2)]
        all.repeatedForeignEnum = [.foreignFoo, .foreignBar, .unrecognized(99)]
        all.packedDouble = [1, 2, 3]
        all.packedNestedEnum = [.neg, .baz]
        all.unpackedUint64 = [1, .max]
        all.mapInt32Int32 = [0: 0, -1: 1]
        all.mapBoolBool = [false: true, true: false]
        all.mapInt32Double = [1: -0.0, 2: 2]
        all.mapStringBytes = ["": [], "key": [9]]
        all.mapStringNestedMessage = ["x": .init(a: 3)]
        all.mapStringForeignEnum = ["y": .foreignBar]
        all.oneofField = .oneofNestedMessage(.init(a: 7))
        all.optionalStringWrapper = ProtobufStringValue(value: "")
        all.repeatedDuration = [ProtobufDuration(seconds: -1, nanos: -1)]
        all.optionalStruct = ProtobufStruct(fields: ["a": ProtobufValue(kind: .numberValue(1))])
        all.optionalAny = ProtobufAny(typeURL: "type.googleapis.com/x", value: [1])
        return all
    }()
}

import ConformanceMessages
import Contracts
import ProtobufC
import Testing

@Suite struct RoundTripTests {
    typealias Kinds = TestAllTypesProto3

    @Test func `an empty message is no bytes, and no bytes are an empty message`() throws {
        #expect(Kinds().protobuf().isEmpty)
        #expect(try Kinds(protobuf: []) == Kinds())
    }

    @Test func `every kind of field comes back as it went`() throws {
        #expect(try Kinds(protobuf: AllKinds.full.protobuf()) == AllKinds.full)
    }

    @Test func `the bytes of a patient are these`() {
        let patient = Patient(
            patientID: "pat_1", email: "", allergies: ["a", ""], status: .active, createdAt: ProtobufTimestamp(), version: -1)
        let expected = WireBytes().text(1, "pat_1").text(3, "").text(6, "a").text(6, "").varint(7, 1).piece(8, []).varint(9, .max)
        #expect(patient.protobuf() == expected.bytes)
    }

    @Test func `an optional field that holds its default is not an absent one`() throws {
        let read = try PatientChanges(protobuf: PatientChanges(name: "", phone: nil).protobuf())
        #expect(read.name == "")
        #expect(read.phone == nil)
    }

    @Test func `a oneof that holds a default is not an absent one`() throws {
        let read = try Kinds(protobuf: Kinds(oneofField: .oneofUint32(0)).protobuf())
        #expect(read.oneofField == .oneofUint32(0))
    }

    @Test(arguments: [-0.0, 0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Double])
    func `a floating-point number keeps its bits, the sign of zero too`(number: Double) throws {
        let read = try Kinds(protobuf: Kinds(optionalFloat: Float(number), optionalDouble: number).protobuf())
        #expect(read.optionalDouble.bitPattern == number.bitPattern)
        #expect(read.optionalFloat.bitPattern == Float(number).bitPattern)
    }

    @Test func `equal maps have equal bytes, however they were filled`() {
        let keys = (0..<50).map(Int32.init)
        let upward = Kinds(mapInt32Int32: Dictionary(uniqueKeysWithValues: keys.map { ($0, $0) }))
        let downward = Kinds(mapInt32Int32: Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, $0) }))
        #expect(upward.protobuf() == downward.protobuf())
    }

    @Test func `a copy of a boxed message stays as it was when the original changes`() {
        var original = Kinds(recursiveMessage: Kinds(optionalInt32: 1))
        let copy = original
        original.recursiveMessage?.optionalInt32 = 2
        #expect(copy.recursiveMessage?.optionalInt32 == 1)
        #expect(original.recursiveMessage?.optionalInt32 == 2)
    }

    @Test func `JSON of any shape travels in a Struct`() throws {
        let list = ProtobufValue(kind: .listValue(ProtobufListValue(values: [ProtobufValue(kind: .boolValue(true)), ProtobufValue()])))
        let document = ProtobufStruct(fields: ["list": list, "nothing": ProtobufValue(kind: .nullValue(.nullValue))])
        #expect(try ProtobufStruct(protobuf: document.protobuf()) == document)
    }
}

import NIOCore
import RPC
import Testing

@testable import GRPC

@Suite struct ContractIndexTests {
    private func ask(_ number: Int, _ text: String) -> [(number: Int, value: ProtobufFields.Value)] {
        var question = ByteBuffer()
        question.writeField(number, ByteBuffer(string: text))
        return Array(ProtobufFields(ServerReflection.answer(question, ["hms.patient.v1.PatientService"])))
    }

    @Test(arguments: [
        "hms.patient.v1.PatientService", "hms.patient.v1.PatientService.GetPatient", "hms.patient.v1.Patient", "hms.api.v1.Role",
    ])
    func `the file of a symbol comes with all that it needs`(symbol: String) throws {
        let answer = try #require(ask(4, symbol).first { $0.number == 4 }?.value.bytes)
        let names = ProtobufFields(answer).compactMap { $0.value.bytes }.compactMap {
            ProtobufFields($0).first { $0.number == 1 }?.value.text
        }
        #expect(names.first?.hasPrefix("hms/") == true)
        for file in ProtobufFields(answer).compactMap(\.value.bytes) {
            for field in ProtobufFields(file) where field.number == 3 { #expect(names.contains(field.value.text ?? "")) }
        }
    }

    @Test func `services are listed, a file has its name, and what isn't there is an error`() {
        let list = ask(7, "").first { $0.number == 6 }?.value.bytes
        #expect(
            list.map { ProtobufFields($0).compactMap { $0.value.bytes.map { ProtobufFields($0).map(\.value.text) } } } == [
                ["hms.patient.v1.PatientService"]
            ])
        #expect(ask(3, "hms/api/v1/options.proto").contains { $0.number == 4 })
        for (number, text) in [(3, "nothing.proto"), (4, "hms.Nothing"), (6, "hms.Nothing"), (9, "x")] {
            #expect(ask(number, text).contains { $0.number == 7 })
        }
    }

    @Test func `extensions are found by what they extend`() throws {
        let numbers = ContractIndex.all.extensionNumbers(of: "google.protobuf.MethodOptions")
        let number = try #require(numbers.first)
        var wanted = ByteBuffer()
        wanted.writeField(1, "google.protobuf.MethodOptions")
        wanted.writeField(2, UInt64(number))
        #expect(ContractIndex.all.file(ofExtension: wanted) != nil)
    }

    /// Whatever bytes a stranger sends as a question, an answer is made and nothing breaks.
    @Test func `a question may be anything`() {
        for first in UInt8.min...UInt8.max {
            for second: UInt8 in [0, 1, 127, 128, 255] {
                let question = ByteBuffer(bytes: [first, second, second, second, first])
                #expect(ServerReflection.answer(question, []).readableBytes > 0)
            }
        }
    }
}

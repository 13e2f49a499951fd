import ContractGenerator
import SwiftProtobuf
import Testing

/// What the generator doesn't make, and says so.
@Suite struct RefusalTests {
    private func refusal(_ change: (inout Google_Protobuf_FileDescriptorProto) -> Void) -> String? {
        var file = Google_Protobuf_FileDescriptorProto.with {
            $0.name = "odd.proto"
            $0.package = "odd.v1"
            $0.syntax = "proto3"
            $0.messageType = [.with { $0.name = "Thing" }]
        }
        change(&file)
        do {
            _ = try Contract(protos: [file], generate: ["odd.proto"], parameters: Parameters())
            return nil
        } catch {
            return String(describing: error)
        }
    }

    private func service(streaming: Bool) -> Google_Protobuf_ServiceDescriptorProto {
        .with { service in
            service.name = "OddService"
            service.method = [
                .with {
                    $0.name = "Do"
                    $0.inputType = ".odd.v1.Thing"
                    $0.outputType = ".odd.v1.Thing"
                    $0.serverStreaming = streaming
                }
            ]
        }
    }

    @Test func `a plain contract is taken`() {
        #expect(refusal { $0.service = [service(streaming: false)] } == nil)
    }

    @Test func `a streaming method is refused`() {
        #expect(refusal { $0.service = [service(streaming: true)] } == "odd.v1.OddService.Do: streaming methods are not supported")
    }

    @Test func `two fields with one Swift name are refused`() {
        let fields = ["thing_id", "thingId"].enumerated().map { index, name in
            Google_Protobuf_FieldDescriptorProto.with {
                $0.name = name
                $0.jsonName = name
                $0.number = Int32(index + 1)
                $0.type = .string
                $0.label = .optional
            }
        }
        #expect(refusal { $0.messageType[0].field = fields } == "odd.v1.Thing: two fields are thingID in Swift")
    }

    @Test func `two messages with one Swift name are refused`() {
        #expect(
            refusal {
                $0.enumType = [
                    .with {
                        $0.name = "Thing"; $0.value = [.with { $0.name = "X" }]
                    }
                ]
            } == "two declarations are Thing in Swift")
    }

    @Test func `an unknown parameter is refused`() {
        #expect(throws: GenerationError.self) { try Parameters("colour=red") }
    }
}

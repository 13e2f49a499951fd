import ContractGenerator
import SwiftProtobuf
import Testing

/// What the generator doesn't make, and says so.
@Suite struct RefusalTests {
    /// Why a small contract is refused, when it is read or, where wanted, when its files are made.
    private func refusal(making: Bool = false, _ change: (inout Google_Protobuf_FileDescriptorProto) -> Void) -> String? {
        var file = Google_Protobuf_FileDescriptorProto.with {
            $0.name = "odd.proto"
            $0.package = "odd.v1"
            $0.syntax = "proto3"
            $0.messageType = [.with { $0.name = "Thing" }]
        }
        change(&file)
        do {
            let contract = try Contract(protos: [file], generate: ["odd.proto"], parameters: Parameters())
            if making { _ = try Plugin.files(for: contract) }
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

    @Test(arguments: [(1, false, false), (0, false, false), (2, false, true), (1, true, true)])
    func `only a read is answered by a stream, and not at once`(idempotency: UInt64, atOnce: Bool, isRefused: Bool) throws {
        let rule = OptionValue.varint(4, idempotency) + (atOnce ? OptionValue.varint(8, 1) : [])
        let options = try Google_Protobuf_MethodOptions(serializedBytes: OptionValue.message(50001, rule))
        let reason = refusal {
            var odd = service(streaming: true)
            odd.method[0].options = options
            $0.service = [odd]
        }
        #expect((reason != nil) == isRefused)
    }

    @Test func `a stream of requests is refused`() {
        let reason = refusal {
            var odd = service(streaming: false)
            odd.method[0].clientStreaming = true
            $0.service = [odd]
        }
        #expect(reason?.contains("client streaming is not supported") == true)
    }

    @Test(arguments: [(2, 0, true), (3, 0, true), (4, 0, true), (1, 0, false), (0, 0, false), (1, 1, true)])
    func `only a read without an owner in its request is answered at once`(idempotency: UInt64, own: Int, isRefused: Bool) throws {
        let rule = OptionValue.varint(8, 1) + OptionValue.varint(4, idempotency) + (own > 0 ? OptionValue.text(2, "thing_id") : [])
        let options = try Google_Protobuf_MethodOptions(serializedBytes: OptionValue.message(50001, rule))
        let reason = refusal {
            var odd = service(streaming: false)
            odd.method[0].options = options
            $0.messageType[0].field = [
                .with {
                    $0.name = "thing_id"
                    $0.jsonName = "thingId"
                    $0.number = 1
                    $0.type = .string
                    $0.label = .optional
                }
            ]
            $0.service = [odd]
        }
        let expected = "odd.v1.OddService.Do: `at_once` is for methods that only read, and have no `own`"
        #expect(reason == (isRefused ? expected : nil))
    }

    @Test func `an event is named by what it happened to and what happened`() throws {
        let rule = OptionValue.message(50001, OptionValue.text(1, "changed"))
        let options = try Google_Protobuf_MessageOptions(serializedBytes: rule)
        #expect(
            refusal(making: true) { $0.messageType[0].options = options }
                == "odd.v1.Thing: the event changed is no `subject.what_happened`")
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

    /// A service with `GET /v1/things`, whose request has one text field with the given rules.
    private func listing(optional: Bool = false, rules: [UInt8] = []) throws -> String? {
        let http: [UInt8] = [0x82, 0xD3, 0xE4, 0x93, 0x02, 0x0C, 0x12, 0x0A] + Array("/v1/things".utf8)
        let method = try Google_Protobuf_MethodOptions(serializedBytes: http)
        let options = try Google_Protobuf_FieldOptions(
            serializedBytes: rules.isEmpty ? [] : [0x8A, 0xB5, 0x18, UInt8(rules.count)] + rules)
        let contract = { (file: inout Google_Protobuf_FileDescriptorProto) in
            file.service = [service(streaming: false)]
            file.service[0].method[0].options = method
            file.messageType[0].field = [
                .with {
                    $0.name = "colour"
                    $0.jsonName = "colour"
                    $0.number = 1
                    $0.type = .string
                    $0.label = .optional
                    $0.options = options
                    if optional {
                        $0.proto3Optional = true
                        $0.oneofIndex = 0
                    }
                }
            ]
            if optional { file.messageType[0].oneofDecl = [.with { $0.name = "_colour" }] }
        }
        return refusal(making: true, contract)
    }

    private static let lineFormat: [UInt8] = [0x38, 5]
    private static let required: [UInt8] = [0x08, 1]

    @Test func `a filter that can be given and say nothing is refused`() throws {
        let sentence = "colour can be given and say nothing"
        #expect(try listing()?.contains(sentence) == true)
        #expect(try listing(rules: Self.lineFormat)?.contains(sentence) == true)
        #expect(try listing(optional: true)?.contains(sentence) == true)
        #expect(try listing(optional: true, rules: Self.lineFormat)?.contains(sentence) == false)
        #expect(try listing(rules: Self.required + Self.lineFormat)?.contains(sentence) == false)
    }

    @Test func `what the public API shows and nobody describes is refused`() throws {
        #expect(try listing(rules: Self.required + Self.lineFormat) == "odd.v1.OddService/Do has no comment")
    }

    @Test func `an unknown parameter is refused`() {
        #expect(throws: GenerationError.self) { try Parameters("colour=red") }
    }
}

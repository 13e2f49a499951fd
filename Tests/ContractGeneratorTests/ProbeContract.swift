import ContractGenerator
import Foundation
import SwiftProtobuf

/// A contract in which every option has a place where it means something: fields of every type, a resource that is created and
/// one that is changed.
enum ProbeContract {
    /// Where an option is said.
    enum Place: Sendable {
        case field(message: Int, field: Int)
        case message(Int)
        case method(Int)
    }

    static func places(of rule: String) -> [Place] {
        let file = file()
        if rule == "MessageRule" { return file.messageType.indices.map(Place.message) }
        guard rule == "FieldRule" else { return file.service[0].method.indices.map(Place.method) }
        return file.messageType.indices.flatMap { message in
            file.messageType[message].field.indices.map { Place.field(message: message, field: $0) }
        }
    }

    /// All code that is made once `rule` is said at `place`, but for the copy of the contract itself.
    static func code(_ place: Place, saying rule: [UInt8]) throws -> String {
        var file = file()
        let option = rule.isEmpty ? [] : OptionValue.message(50001, rule)
        switch place {
        case .field(let message, let field):
            let own = try file.messageType[message].field[field].options.serializedBytes() as [UInt8]
            file.messageType[message].field[field].options = try Google_Protobuf_FieldOptions(serializedBytes: own + option)
        case .message(let message):
            file.messageType[message].options = try Google_Protobuf_MessageOptions(serializedBytes: option)
        case .method(let method):
            let http = try file.service[0].method[method].options.serializedBytes() as [UInt8]
            file.service[0].method[method].options = try Google_Protobuf_MethodOptions(serializedBytes: http + option)
        }
        file.sourceCodeInfo = comments(of: file)
        let contract = try Contract(protos: [mask, file], generate: [file.name], parameters: Parameters())
        let files = try Plugin.files(for: contract).filter { $0.path != "Swift/Contracts.swift" }
        return files.map(\.content).joined(separator: "\n")
    }

    /// Words for everything that the API's description shows, for it shows nothing without.
    private static func comments(of file: Google_Protobuf_FileDescriptorProto) -> Google_Protobuf_SourceCodeInfo {
        var paths: [[Int32]] = [[6, 0]]
        for (index, message) in zip(Int32(0)..., file.messageType) {
            paths.append([4, index])
            paths += message.field.indices.map { [4, index, 2, Int32($0)] }
        }
        paths += file.service[0].method.indices.map { [6, 0, 2, Int32($0)] }
        return .with {
            $0.location = paths.map { path in
                .with {
                    $0.path = path
                    $0.leadingComments = " Something."
                }
            }
        }
    }

    private static let mask = Google_Protobuf_FileDescriptorProto.with {
        $0.name = "google/protobuf/field_mask.proto"
        $0.package = "google.protobuf"
        $0.syntax = "proto3"
        $0.messageType = [message("FieldMask", [field("paths", 1, .string, .repeated)])]
    }

    private static func file() -> Google_Protobuf_FileDescriptorProto {
        .with {
            $0.name = "probe.proto"
            $0.package = "probe.v1"
            $0.syntax = "proto3"
            $0.dependency = [mask.name]
            $0.messageType = [
                message("Thing", [field("thing_id", 1, .string), optional("name", 2, .string, oneof: 0)], oneofs: ["_name"]),
                message(
                    "ChangeRequest",
                    [
                        field("thing_id", 1, .string), field("thing", 2, .message, type: ".probe.v1.Thing"),
                        field("update_mask", 3, .message, type: ".google.protobuf.FieldMask"), optional("version", 4, .int64, oneof: 0),
                    ], oneofs: ["_version"]),
                message(
                    "CreateRequest",
                    [
                        field("thing_id", 1, .string), field("tags", 2, .string, .repeated), field("size", 3, .int64),
                        field("data", 4, .bytes), field("name", 5, .string),
                    ]),
                message("ThingResponse", [field("thing", 1, .message, type: ".probe.v1.Thing")]),
            ]
            $0.service = [
                .with {
                    $0.name = "ThingService"
                    $0.method = [
                        method("Change", ".probe.v1.ChangeRequest", verb: 6, "/v1/things/{thing_id}", body: "thing"),
                        method("Create", ".probe.v1.CreateRequest", verb: 4, "/v1/things", body: "*"),
                    ]
                }
            ]
        }
    }

    private static func message(
        _ name: String, _ fields: [Google_Protobuf_FieldDescriptorProto], oneofs: [String] = []
    ) -> Google_Protobuf_DescriptorProto {
        .with {
            $0.name = name
            $0.field = fields
            $0.oneofDecl = oneofs.map { oneof in .with { $0.name = oneof } }
        }
    }

    private static func field(
        _ name: String, _ number: Int32, _ type: Google_Protobuf_FieldDescriptorProto.TypeEnum,
        _ label: Google_Protobuf_FieldDescriptorProto.Label = .optional, type typeName: String = ""
    ) -> Google_Protobuf_FieldDescriptorProto {
        .with {
            $0.name = name
            $0.jsonName = name
            $0.number = number
            $0.type = type
            $0.label = label
            if !typeName.isEmpty { $0.typeName = typeName }
            if type == .string, let options = try? Google_Protobuf_FieldOptions(serializedBytes: example) { $0.options = options }
        }
    }

    /// What a text may be: the API's description has an example of every one.
    private static let example = OptionValue.message(50001, OptionValue.text(13, "thing"))

    private static func optional(
        _ name: String, _ number: Int32, _ type: Google_Protobuf_FieldDescriptorProto.TypeEnum, oneof: Int32
    ) -> Google_Protobuf_FieldDescriptorProto {
        var field = field(name, number, type)
        field.proto3Optional = true
        field.oneofIndex = oneof
        return field
    }

    /// `verb` is the number of the HTTP method in google.api.HttpRule.
    private static func method(
        _ name: String, _ input: String, verb: Int32, _ path: String, body: String
    ) -> Google_Protobuf_MethodDescriptorProto {
        let rule = OptionValue.text(verb, path) + OptionValue.text(7, body) + OptionValue.text(12, "thing")
        return .with {
            $0.name = name
            $0.inputType = input
            $0.outputType = ".probe.v1.ThingResponse"
            if let options = try? Google_Protobuf_MethodOptions(serializedBytes: OptionValue.message(72_295_728, rule)) {
                $0.options = options
            }
        }
    }
}

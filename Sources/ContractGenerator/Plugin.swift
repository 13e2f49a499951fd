import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The protoc plugin: one request in, one response out.
public enum Plugin {
    /// What runs, in the order of the files it makes.
    static let emitters: [any Emitter] = [
        CEmitter(), ValuesEmitter(), CodecEmitter(), JSONEmitter(), ChecksEmitter(), ServiceEmitter(), UnimplementedEmitter(),
        EventsEmitter(),
        RoutesEmitter(),
        OpenAPIEmitter(), DocumentsEmitter(), ContractsEmitter(), PythonEmitter(), TypeScriptEmitter(), PostmanEmitter(),
    ]

    /// Answers an encoded CodeGeneratorRequest with an encoded CodeGeneratorResponse.
    public static func respond(to request: [UInt8]) throws -> [UInt8] {
        let request = try Google_Protobuf_Compiler_CodeGeneratorRequest(serializedBytes: request)
        var response = Google_Protobuf_Compiler_CodeGeneratorResponse()
        response.supportedFeatures = UInt64(Google_Protobuf_Compiler_CodeGeneratorResponse.Feature.proto3Optional.rawValue)
        do {
            let contract = try Contract(
                protos: request.protoFile, generate: request.fileToGenerate, parameters: Parameters(request.parameter))
            response.file = try files(for: contract).map { file in
                var answer = Google_Protobuf_Compiler_CodeGeneratorResponse.File()
                answer.name = file.path
                answer.content = file.content
                return answer
            }
        } catch let error as GenerationError {
            response.error = error.description
        }
        return try response.serializedBytes()
    }

    /// Every generated file of a contract.
    public static func files(for contract: Contract) throws -> [GeneratedFile] {
        try emitters.flatMap { try $0.files(for: contract) }
    }
}

/// What follows `--hms_opt=`: `module=ConformanceMessages,imports=Contracts`.
public struct Parameters: Sendable {
    public var module = "Contracts"
    public var importedModules: [String] = []

    public init(_ text: String = "") throws {
        for item in text.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("module", 2): module = parts[1]
            case ("imports", 2): importedModules.append(parts[1])
            default: throw GenerationError("unknown parameter \(item)")
            }
        }
    }
}

extension Contract {
    /// Reads the descriptors of `protos`, all that is known, and takes those named in `generate`.
    public init(protos: [Google_Protobuf_FileDescriptorProto], generate: [String], parameters: Parameters) throws {
        let set = DescriptorSet(protos: protos)
        let builder = ContractBuilder(set: set)
        let all = try set.files.filter { $0.edition == .proto3 }.map(builder.file)
        let wanted = Set(generate)
        self.init(
            module: parameters.module, cModule: "C" + parameters.module, importedModules: parameters.importedModules,
            files: all.filter { wanted.contains($0.protoPath) && !Self.isOptionsOnly($0) }.sorted { $0.protoPath < $1.protoPath },
            messages: Dictionary(uniqueKeysWithValues: all.flatMap(\.messages).map { ($0.fullName, $0) }),
            enums: Dictionary(uniqueKeysWithValues: all.flatMap(\.enums).map { ($0.fullName, $0) }),
            descriptorSet: try Self.encode(protos))
        try checkNames()
    }

    /// The vocabulary of the options themselves is the generator's, not the program's.
    private static func isOptionsOnly(_ file: FileModel) -> Bool {
        file.package == "hms.api.v1"
    }

    private static func encode(_ protos: [Google_Protobuf_FileDescriptorProto]) throws -> [UInt8] {
        let set = Google_Protobuf_FileDescriptorSet.with { set in
            set.file = protos.sorted { $0.name < $1.name }.map { proto in
                var bare = proto
                bare.clearSourceCodeInfo()
                return bare
            }
        }
        return try set.serializedBytes()
    }

    private func checkNames() throws {
        let names = files.flatMap { file in file.values.map(\.swiftName) + file.enums.map(\.swiftName) + file.services.map(\.name) }
        let clash = Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys.sorted().first
        if let clash { throw GenerationError("two declarations are \(clash) in Swift") }
    }
}

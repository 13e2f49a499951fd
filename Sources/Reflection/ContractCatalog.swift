import SwiftProtobuf

/// Every method, message and enum of a set of contracts, found by full name.
public struct ContractCatalog: Sendable {
    public private(set) var methods: [String: MethodShape] = [:]
    private(set) var messages: [String: MessageShape] = [:]
    private(set) var enums: [String: EnumShape] = [:]

    /// - Parameter fileDescriptorSet: an encoded `google.protobuf.FileDescriptorSet`.
    public init(fileDescriptorSet: [UInt8]) throws {
        for file in try Google_Protobuf_FileDescriptorSet(serializedBytes: fileDescriptorSet).file {
            let scope = file.package.isEmpty ? "" : file.package + "."
            for message in file.messageType { add(message, scope: scope, isProto3: file.syntax == "proto3") }
            for enumeration in file.enumType { add(enumeration, scope: scope) }
            for service in file.service { add(service, scope: scope) }
        }
    }

    func message(_ name: String) throws -> MessageShape {
        guard let message = messages[name] else { throw DynamicCodingError(path: "", reason: "no message \(name) is described") }
        return message
    }

    private mutating func add(_ message: Google_Protobuf_DescriptorProto, scope: String, isProto3: Bool) {
        let name = scope + message.name
        messages[name] = MessageShape(name: name, message, isProto3: isProto3)
        for nested in message.nestedType { add(nested, scope: name + ".", isProto3: isProto3) }
        for nested in message.enumType { add(nested, scope: name + ".") }
    }

    private mutating func add(_ enumeration: Google_Protobuf_EnumDescriptorProto, scope: String) {
        enums[scope + enumeration.name] = EnumShape(enumeration)
    }

    private mutating func add(_ service: Google_Protobuf_ServiceDescriptorProto, scope: String) {
        for method in service.method {
            let name = "\(scope)\(service.name)/\(method.name)"
            methods[name] = MethodShape(
                name: name, input: String(method.inputType.dropFirst()), output: String(method.outputType.dropFirst()),
                isStreamed: method.serverStreaming)
        }
    }
}

import Foundation
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
                name: name, input: String(method.inputType.dropFirst()), output: String(method.outputType.dropFirst()))
        }
    }
}

/// A method and the full names of its messages.
public struct MethodShape: Hashable, Sendable {
    /// `pkg.Service/Method`
    public let name: String
    public let input: String
    public let output: String
}

/// A message's fields, in the order of their numbers.
struct MessageShape: Sendable {
    let name: String
    let fields: [FieldShape]
    let isMapEntry: Bool
    private let byNumber: [Int32: Int]
    private let byName: [String: Int]

    init(name: String, _ message: Google_Protobuf_DescriptorProto, isProto3: Bool) {
        self.name = name
        fields = message.field.map { FieldShape($0, isProto3: isProto3) }.sorted { $0.number < $1.number }
        isMapEntry = message.options.mapEntry
        byNumber = Dictionary(fields.enumerated().map { ($1.number, $0) }) { first, _ in first }
        let names = fields.enumerated().flatMap { index, field in [(field.name, index), (field.jsonName, index)] }
        byName = Dictionary(names) { first, _ in first }
    }

    func field(number: Int32) -> FieldShape? { byNumber[number].map { fields[$0] } }

    /// By its name in the contract or its JSON name.
    func field(named name: String) -> FieldShape? { byName[name].map { fields[$0] } }
}

/// One field of a message.
struct FieldShape: Sendable {
    let name: String
    let jsonName: String
    let number: Int32
    let type: Google_Protobuf_FieldDescriptorProto.TypeEnum
    /// The full name of the message or enum, empty for scalars.
    let typeName: String
    let isRepeated: Bool
    let isPacked: Bool
    /// Whether unset and default are different things.
    let hasPresence: Bool
    /// The oneof it belongs to, nil also for `optional`.
    let oneof: Int32?

    init(_ field: Google_Protobuf_FieldDescriptorProto, isProto3: Bool) {
        name = field.name
        jsonName = field.hasJsonName ? field.jsonName : field.name
        number = field.number
        type = field.type
        typeName = String(field.typeName.drop { $0 == "." })
        isRepeated = field.label == .repeated
        let isPackable = ![.string, .bytes, .message, .group].contains(field.type)
        isPacked = isRepeated && isPackable && (field.options.hasPacked ? field.options.packed : isProto3)
        hasPresence = !isRepeated && (field.type == .message || field.hasOneofIndex || field.proto3Optional || !isProto3)
        oneof = field.hasOneofIndex && !field.proto3Optional ? field.oneofIndex : nil
    }
}

/// An enum's values both ways.
struct EnumShape: Sendable {
    let names: [Int32: String]
    private let numbers: [String: Int32]

    init(_ enumeration: Google_Protobuf_EnumDescriptorProto) {
        names = Dictionary(enumeration.value.map { ($0.number, $0.name) }) { first, _ in first }
        let prefix = Self.prefix(of: enumeration.name)
        var numbers: [String: Int32] = [:]
        for value in enumeration.value {
            numbers[value.name] = value.number
            if value.name.hasPrefix(prefix) { numbers[String(value.name.dropFirst(prefix.count))] = value.number }
        }
        self.numbers = numbers
    }

    /// By the whole name, or without the enum's own name before it, as the public API writes it: `ACTIVE`.
    func number(of name: String) -> Int32? { numbers[name] }

    /// `PatientStatus` → `PATIENT_STATUS_`
    private static func prefix(of name: String) -> String {
        var prefix = ""
        for character in name {
            if character.isUppercase, !prefix.isEmpty { prefix += "_" }
            prefix += character.uppercased()
        }
        return prefix + "_"
    }
}

/// A document and a contract that do not fit.
public struct DynamicCodingError: Error, Hashable, CustomStringConvertible {
    /// Where: `patient.allergies[2]`; empty for the whole.
    public var path: String
    public let reason: String

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }

    func inside(_ outer: String) -> DynamicCodingError {
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return DynamicCodingError(path: outer + separator + path, reason: reason)
    }
}

import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Turns protoc's descriptors into a ``Contract``.
struct ContractBuilder {
    let set: DescriptorSet
    let boxes: BoxedFields

    init(set: DescriptorSet) {
        self.set = set
        boxes = BoxedFields(of: set.files.flatMap(\.allMessages))
    }

    func file(_ file: FileDescriptor) throws -> FileModel {
        guard file.edition == .proto3 else { throw GenerationError("\(file.name): only proto3 is supported") }
        return FileModel(
            protoPath: file.name, package: file.package,
            comment: [],
            messages: try file.allMessages.map(message), enums: file.allEnums.map(enumeration),
            services: try file.services.map(service), imports: file.dependencies.map(\.name))
    }

    func message(_ message: Descriptor) throws -> MessageModel {
        let fields = message.fields.map(field)
        let clash = Dictionary(grouping: fields, by: \.swiftName).first { $0.value.count > 1 }
        if let clash { throw GenerationError("\(message.fullName): two fields are \(clash.key) in Swift") }
        return MessageModel(
            fullName: message.fullName, protoPath: message.file.name, name: message.name, swiftName: message.swiftName,
            swiftParent: message.containingType?.swiftName, swiftShortName: message.swiftShortName, cName: message.cName,
            comment: message.comment, fields: fields,
            oneofs: message.oneofs.filter(\.isReal).map { oneof($0, fields: fields) },
            isMapEntry: message.options.mapEntry,
            rule: MessageRule(options: OptionBytes(message.options.unknownFields.data)))
    }

    private func oneof(_ oneof: OneofDescriptor, fields: [FieldModel]) -> OneofModel {
        let members = fields.filter { $0.shape == .oneof(oneof.index) }
        return OneofModel(
            name: oneof.name, swiftName: SwiftName.property(oneof.name), swiftType: "OneOf_" + SwiftName.upperCamel(oneof.name),
            cName: CName.member(oneof.name), fields: members, comment: oneof.comment, isIndirect: members.contains(where: \.isBoxed))
    }

    private func field(_ field: FieldDescriptor) -> FieldModel {
        FieldModel(
            name: field.name, jsonName: field.jsonName ?? field.name, number: Int(field.number),
            swiftName: SwiftName.property(field.name), cName: CName.member(field.name),
            type: type(of: field), shape: shape(of: field),
            isDeclaredOptional: field.containingOneof != nil && field.realContainingOneof == nil, isPacked: field.isPacked,
            isBoxed: boxes.contains(field),
            rule: FieldRule(options: OptionBytes(field.options.unknownFields.data)), comment: field.comment)
    }

    private func shape(of field: FieldDescriptor) -> FieldModel.Shape {
        if let entry = field.isMap ? field.messageType.mapKeyAndValue : nil {
            return .map(key: type(of: entry.key), value: type(of: entry.value))
        }
        if field.isRepeated { return .repeated }
        if let oneof = field.realContainingOneof { return .oneof(oneof.index) }
        return field.hasPresence ? .optional : .implicit
    }

    private func type(of field: FieldDescriptor) -> FieldType {
        switch field.type {
        case .double: .double
        case .float: .float
        case .int32: .int32
        case .int64: .int64
        case .uint32: .uint32
        case .uint64: .uint64
        case .sint32: .sint32
        case .sint64: .sint64
        case .fixed32: .fixed32
        case .fixed64: .fixed64
        case .sfixed32: .sfixed32
        case .sfixed64: .sfixed64
        case .bool: .bool
        case .string: .string
        case .bytes: .bytes
        case .enum: .enumeration(field.enumType.reference)
        case .message, .group: .message(field.messageType.reference)
        }
    }

    func enumeration(_ enumeration: EnumDescriptor) -> EnumModel {
        var numbers: Set<Int32> = []
        return EnumModel(
            fullName: enumeration.fullName, name: enumeration.name, swiftName: enumeration.swiftName,
            swiftParent: enumeration.containingType?.swiftName, swiftShortName: enumeration.swiftShortName,
            comment: enumeration.comment,
            values: enumeration.values.map { value in
                EnumModel.Value(
                    name: value.name, shortName: SwiftName.shortEnumName(value.name, of: enumeration.name),
                    swiftName: SwiftName.enumCase(value.name, of: enumeration.name), number: Int(value.number),
                    comment: value.comment, isAlias: !numbers.insert(value.number).inserted)
            })
    }

    private func service(_ service: ServiceDescriptor) throws -> ServiceModel {
        ServiceModel(
            fullName: service.fullName, name: service.name, comment: service.comment, methods: try service.methods.map(method))
    }

    private func method(_ method: MethodDescriptor) throws -> MethodModel {
        guard !method.clientStreaming else {
            throw GenerationError("\(method.fullName): requests are single messages: client streaming is not supported")
        }
        let options = OptionBytes(method.options.unknownFields.data)
        let rule = MethodRule(options: options)
        let http = HTTPRule.all(options: options)
        guard !method.serverStreaming || rule.isRead && !rule.atOnce && !rule.ownRecord && rule.own == nil && http.isEmpty else {
            throw GenerationError(
                "\(method.fullName): what is answered by a stream only reads, and has no `at_once`, `own`, `own_record` and no HTTP path")
        }
        if let own = rule.own,
            !method.inputType.fields.contains(where: {
                $0.name == own && $0.type == .string && !$0.isRepeated && $0.realContainingOneof == nil
            })
        {
            throw GenerationError("\(method.fullName): `own` names no text field of \(method.inputType.name)")
        }
        guard !rule.atOnce || rule.isRead && rule.own == nil else {
            throw GenerationError("\(method.fullName): `at_once` is for methods that only read, and have no `own`")
        }
        guard !rule.treatment || rule.isRead && rule.audit && rule.roles.contains(.doctor) && !method.serverStreaming else {
            throw GenerationError("\(method.fullName): `treatment` is for audited methods with one answer by which doctors read")
        }
        return MethodModel(
            fullName: "\(method.service.fullName)/\(method.name)", name: method.name, swiftName: SwiftName.lowerCamel(method.name),
            comment: method.comment, input: method.inputType.reference, output: method.outputType.reference,
            isStreamed: method.serverStreaming, rule: rule, http: http)
    }
}

/// The fields whose values need a box: single messages of a type that holds itself through single messages only.
struct BoxedFields {
    private let names: Set<String>

    init(of messages: [Descriptor]) {
        let single = Dictionary(
            uniqueKeysWithValues: messages.map { message in
                (message.fullName, message.fields.filter { !$0.isRepeated && $0.type == .message })
            })
        func reaches(_ target: String, from start: String) -> Bool {
            var seen: Set<String> = []
            var open = [start]
            while let name = open.popLast() {
                if name == target { return true }
                guard seen.insert(name).inserted else { continue }
                open += (single[name] ?? []).map { $0.messageType.fullName }
            }
            return false
        }
        names = Set(
            single.flatMap { owner, fields in
                fields.filter { reaches(owner, from: $0.messageType.fullName) }.map(\.fullName)
            })
    }

    func contains(_ field: FieldDescriptor) -> Bool {
        names.contains(field.fullName)
    }
}

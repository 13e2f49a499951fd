/// Everything that one protoc call asks for, with names resolved for Swift and C.
public struct Contract: Sendable {
    /// The Swift module that is generated: `Contracts`.
    public let module: String
    /// The C module: `CContracts`.
    public let cModule: String
    /// Other generated modules that this one builds on: `["Contracts"]` for the conformance messages.
    public let importedModules: [String]
    /// The files to generate, in the order of their paths.
    public let files: [FileModel]
    /// Every message and enum that is known, imported ones too, by full name.
    public let messages: [String: MessageModel]
    public let enums: [String: EnumModel]
    /// A google.protobuf.FileDescriptorSet of all files, without comments.
    public let descriptorSet: [UInt8]

    public var services: [ServiceModel] {
        files.flatMap(\.services)
    }

    /// A number that changes with every change of the contract.
    public var fingerprint: UInt64 {
        FNV1a.hash(descriptorSet)
    }
}

/// One .proto file.
public struct FileModel: Sendable {
    /// As protoc names it: `hms/patient/v1/patient.proto`.
    public let protoPath: String
    public let package: String
    public let comment: [String]
    /// Nested ones follow their parents; map entries are among them.
    public let messages: [MessageModel]
    public let enums: [EnumModel]
    public let services: [ServiceModel]
    /// The files it imports, as protoc names them.
    public let imports: [String]

    /// `hms/patient/v1/patient`
    public var stem: String {
        String(protoPath.dropLast(".proto".count))
    }

    /// The messages that Swift sees.
    public var values: [MessageModel] {
        messages.filter { !$0.isMapEntry }
    }
}

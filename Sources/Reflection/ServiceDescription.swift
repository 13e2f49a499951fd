/// The answer of `ReflectionService/Describe`.
public struct ServiceDescription: Sendable {
    /// `pkg.Service/Method`, sorted.
    public private(set) var methods: [String] = []
    public let catalog: ContractCatalog

    /// Reads the two fields by their numbers: `repeated string methods = 1`, `bytes file_descriptor_set = 2`.
    init(describeResponse bytes: [UInt8]) throws {
        var reader = WireReader(bytes[...])
        var fileDescriptorSet: [UInt8] = []
        while !reader.isAtEnd {
            switch try reader.tag() {
            case (1, .counted): methods.append(String(decoding: try reader.counted(), as: UTF8.self))
            case (2, .counted): fileDescriptorSet = Array(try reader.counted())
            case (_, let type): try reader.skip(type)
            }
        }
        methods.sort()
        catalog = try ContractCatalog(fileDescriptorSet: fileDescriptorSet)
    }
}

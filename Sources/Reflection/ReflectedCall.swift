import NIOCore
import PlainText
import RPC

/// Calls a service without having been built with its contract: asks it what it serves, and codes by that.
public struct ReflectedCall: Sendable {
    private static let reflection = MethodDescriptor(
        name: "hms.rpc.v1.ReflectionService/Describe", idempotency: .readOnly)

    private let channel: any RPCChannel
    private let options: CallOptions

    public init(_ channel: any RPCChannel, options: CallOptions) {
        self.channel = channel
        self.options = options
    }

    /// What the service serves: the names of its methods and the contracts they need.
    public func describe() async throws -> ServiceDescription {
        let reply = try await channel.call(Self.reflection, ByteBuffer(), options)
        return try ServiceDescription(describeResponse: Array(reply.payload.readableBytesView))
    }

    /// Calls one method. A method that is not known to be a read is never sent twice.
    public func call(_ method: MethodShape, in catalog: ContractCatalog, request: JSONValue) async throws -> JSONValue {
        let payload = ByteBuffer(bytes: try catalog.encode(request, as: method.input))
        var once = options
        once.retry = false
        let reply = try await channel.call(MethodDescriptor(name: method.name), payload, once)
        return try catalog.decode(Array(reply.payload.readableBytesView), as: method.output)
    }
}

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

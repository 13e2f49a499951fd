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

    /// Calls a method that is answered by a stream, and hands each message to `body` as it comes.
    public func stream(
        _ method: MethodShape, in catalog: ContractCatalog, request: JSONValue, _ body: (JSONValue) throws -> Void
    ) async throws {
        let payload = ByteBuffer(bytes: try catalog.encode(request, as: method.input))
        for try await message in channel.stream(MethodDescriptor(name: method.name), payload, options) {
            try body(try catalog.decode(Array(message.readableBytesView), as: method.output))
        }
    }
}

import Foundation
import NIOCore
import ProtobufC
import RPC

/// Gives every call its caller's token, and an idempotency key where the method takes one and the caller has given none.
struct CallersChannel: RPCChannel {
    private let channel: any RPCChannel
    private let token: @Sendable () -> String

    init(_ channel: any RPCChannel, token: @escaping @Sendable () -> String) {
        self.channel = channel
        self.token = token
    }

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        try await channel.call(method, payload, completed(options, for: method))
    }

    func call(_ method: MethodDescriptor, with request: some Message, _ options: CallOptions) async throws -> ClientReply {
        try await channel.call(method, with: request, completed(options, for: method))
    }

    func stream(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) -> PayloadStream {
        channel.stream(method, payload, completed(options, for: method))
    }

    private func completed(_ options: CallOptions, for method: MethodDescriptor) -> CallOptions {
        var options = options
        if !options.metadata.contains(MetadataName.authorization) {
            options.metadata[MetadataName.authorization] = BearerToken.field(token())
        }
        if method.takesKey, !options.metadata.contains(MetadataName.idempotencyKey) {
            options.metadata[MetadataName.idempotencyKey] = UUID().uuidString
        }
        return options
    }
}

extension MethodDescriptor {
    fileprivate var takesKey: Bool {
        switch idempotency {
        case .keyOptional, .keyRequired: true
        case .unspecified, .readOnly, .repeatable: false
        }
    }
}

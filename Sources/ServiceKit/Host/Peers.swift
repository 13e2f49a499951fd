import NIOCore
public import RPC

/// The other services, as one service reaches them.
public struct Peers: Sendable {
    private let channels: [String: any RPCChannel]
    private let token: ServiceToken

    public init(channels: [String: any RPCChannel], token: ServiceToken) {
        self.channels = channels
        self.token = token
    }

    /// The way to a service. To one that is not configured it leads nowhere: every call is `UNAVAILABLE`.
    public func channel(to service: String) -> any RPCChannel {
        channels[service] ?? UnconfiguredChannel(service: service)
    }

    public func isConfigured(_ service: String) -> Bool {
        channels[service] != nil
    }

    /// Options for a call that this service makes in its own name while it answers `context`: with what is left of the
    /// deadline and under the same correlation id, but with the service's token instead of the caller's.
    public func asService(_ context: CallContext) async throws -> CallOptions {
        try await withOwnToken(CallOptions(from: context))
    }

    /// Options for a call that nobody asked for.
    public func asService(timeout: Duration, correlationID: String) async throws -> CallOptions {
        try await withOwnToken(CallOptions(timeout: timeout, metadata: [MetadataName.correlationID: correlationID]))
    }

    private func withOwnToken(_ options: CallOptions) async throws -> CallOptions {
        var options = options
        options.metadata[MetadataName.authorization] = BearerToken.field(try token.token())
        return options
    }
}

/// The way to a service that nobody has said where to find.
struct UnconfiguredChannel: RPCChannel {
    let service: String

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        throw RPCError.unavailable("The \(service) service is not configured.", retryAfter: .seconds(30))
    }
}

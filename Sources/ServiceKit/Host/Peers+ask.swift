public import RPC

extension Peers {
    /// Asks another service in this service's own name, while it answers `context`.
    ///
    /// - Throws: `UNAVAILABLE` where the other service can't be reached, is too busy, or does not answer within `limit`;
    ///   ``PeerFailure`` for every other error, which is nothing that the caller could have caused.
    public func ask<Answer>(
        _ service: String, for context: CallContext, within limit: Duration = .seconds(2),
        _ question: (CallOptions) async throws -> Answer
    ) async throws -> Answer {
        var options = try await asService(context)
        options.timeout = min(options.timeout ?? limit, limit)
        do {
            return try await question(options)
        } catch let error as RPCError {
            throw Self.failure(of: service, error)
        }
    }

    private static func failure(of service: String, _ error: RPCError) -> any Error {
        switch error.code {
        case .unavailable, .deadlineExceeded, .resourceExhausted, .unimplemented:
            RPCError.unavailable("The \(service) service does not answer.", retryAfter: error.retryAfter ?? .seconds(1))
        case .cancelled:
            error
        case .ok, .unknown, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition, .aborted, .outOfRange,
            .internal, .dataLoss, .unauthenticated:
            PeerFailure(service: service, error: error)
        }
    }
}

/// Another service refused what this one asked of it.
public struct PeerFailure: Error, Sendable, CustomStringConvertible {
    public let service: String
    public let error: RPCError

    public var description: String { "the \(service) service answered \(error)" }
}

import FieldChecks
public import Logging
public import MetricsRegistry
import ProtobufC
public import RPC
import Storage
import Vocabulary

/// Turns whatever went wrong inside into what the caller may see. What is neither the caller's doing nor a passing
/// state is `INTERNAL`: its story goes to the log, under the correlation id.
public final class ErrorMapping: ServerFilter {
    private let logger: Logger
    private let rejections: RejectionCounts

    public init(logger: Logger, metrics: Metrics = Metrics()) {
        self.logger = logger
        rejections = RejectionCounts(metrics)
    }

    public func enter(_ call: ServerCall) -> Bool { true }

    public func leave(_ call: ServerCall, _ outcome: inout Result<ServerReply, any Error>) {
        guard case .failure(let error) = outcome else { return }
        outcome = .failure(mapped(error, in: call.context))
    }

    private func mapped(_ error: any Error, in context: CallContext) -> RPCError {
        if let error = error as? RPCError, !error.isOfInside { return error }
        if let rejection = error as? Rejection { rejections.count(rejection) }
        if let known = RPCError(mapping: error, deadline: context.deadline) { return known }
        logger.error(
            "A call failed for a reason that is not the caller's",
            metadata: [
                "method": .string(context.method.name),
                "correlation_id": .string(context.correlationID),
                "error_type": .string(String(reflecting: type(of: error))),
                "error": .string("\(error)"),
            ])
        return .internal
    }
}

extension RPCError {
    /// There is no room for what the caller wants stored. It passes when somebody makes some.
    static let storageFull = RPCError(
        .unavailable, "STORAGE_FULL", "The disk is full: nothing can be stored, what is there can be read.", retryAfter: .seconds(30))

    /// Whether the error tells of our own machinery, so that its message is not for callers.
    fileprivate var isOfInside: Bool {
        switch code {
        case .ok, .unknown, .internal, .dataLoss: true
        case .cancelled, .invalidArgument, .deadlineExceeded, .notFound, .alreadyExists, .permissionDenied, .resourceExhausted,
            .failedPrecondition, .aborted, .outOfRange, .unimplemented, .unavailable, .unauthenticated:
            false
        }
    }

    /// Nil where the error is nothing that a caller can cause, mend or wait out.
    init?(mapping error: any Error, deadline: Deadline) {
        switch error {
        case let rejection as Rejection: self.init(rejection)
        case let refusal as TokenRefusal: self.init(.unauthenticated, "UNAUTHENTICATED", refusal.rawValue)
        case let error as StorageError: self.init(telling: error)
        case is CancellationError: self = deadline.hasPassed ? .deadlineExceeded : .cancelled
        default: return nil
        }
    }

    /// A rule's "no" as it crosses the wire. The kind of the code alone decides the status.
    public init(_ rejection: Rejection) {
        let code: StatusCode =
            switch rejection.code.kind {
            case .invalid: .invalidArgument
            case .forbidden: .permissionDenied
            case .notFound: .notFound
            case .conflict: .failedPrecondition
            case .versionMismatch: .aborted
            case .unprocessable: .outOfRange
            }
        self.init(
            code, rejection.code.rawValue, rejection.sentence,
            violations: rejection.violations.map { .init(field: $0.field, message: $0.sentence) })
    }

    /// States of the database that pass, and what its engine does not do; nil for faults.
    private init?(telling error: StorageError) {
        switch error {
        case .overloaded, .busy, .readBudgetExceeded: self = .overloaded("The service has too much to do.", retryAfter: .seconds(1))
        case .closed: self = .unavailable("The service is stopping.", retryAfter: .seconds(1))
        case .full: self = .storageFull
        case .unreachable, .outcomeUnknown: self = .unavailable("The database is not reachable.", retryAfter: .seconds(1))
        case .unsupported(let reason): self.init(.unimplemented, "UNIMPLEMENTED", "Not with this database: \(reason).")
        case .uniqueViolation, .checkViolation, .foreignKeyViolation, .notNullViolation, .constraintViolation, .corrupt, .failed,
            .serverFailed, .invalidStatement, .unexpectedValue, .locked, .damaged, .noRoom, .cannotOpen, .notDurable,
            .migration, .integrity:
            return nil
        }
    }
}
